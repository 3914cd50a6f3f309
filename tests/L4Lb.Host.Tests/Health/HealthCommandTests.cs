using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Health;
using L4Lb.Host.Tests.Admin;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Health;

public sealed class HealthCommandTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_exits_0_while_the_instance_serves_and_needs_no_token()
    {
        var settings = new AdminSettings(AdminAddress.Read("127.0.0.1:0"), _folder.Write("token", "secret")) { AsksLocally = true };
        await using var rig = await AdminRig.StartAsync(settings);

        Assert.Equal(ExitCode.Failed, await AskAsync(rig.Address.Authority)); // It starts.
        rig.Status.Serving();
        Assert.Equal(ExitCode.Done, await AskAsync(rig.Address.Authority));
        rig.Status.Draining();
        Assert.Equal(ExitCode.Failed, await AskAsync(rig.Address.Authority));
        Assert.Contains("draining", _out.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_instance_on_every_address_is_asked_on_loopback()
    {
        await using var rig = await AdminRig.StartAsync();
        rig.Status.Serving();

        Assert.Equal(ExitCode.Done, await AskAsync($"0.0.0.0:{rig.Address.Port}"));
    }

    [Fact]
    public async Task A_unix_socket_is_asked_too()
    {
        var address = $"unix:{_folder.File("admin.sock")}";
        await using var rig = await AdminRig.StartAsync(new AdminSettings(AdminAddress.Read(address)));
        rig.Status.Serving();

        Assert.Equal(ExitCode.Done, await AskAsync(address));
    }

    [Fact]
    public async Task With_TLS_only_the_certificate_that_it_was_given_is_taken()
    {
        var own = WriteCertificate("own");
        var settings = new AdminSettings(AdminAddress.Read("127.0.0.1:0")) { CertificateFile = own };
        await using var rig = await AdminRig.StartAsync(settings);
        rig.Status.Serving();

        Assert.Equal(ExitCode.Done, await AskAsync(rig.Address.Authority, own));
        Assert.Equal(ExitCode.Failed, await AskAsync(rig.Address.Authority, WriteCertificate("other")));
        Assert.Equal(ExitCode.Failed, await AskAsync(rig.Address.Authority, _folder.File("none.pem")));
    }

    [Fact]
    public async Task Nobody_there_is_a_failure_that_names_the_address()
    {
        var nobody = Loopback.FreeEndPoint();

        Assert.Equal(ExitCode.Failed, await AskAsync(nobody.ToString()));
        Assert.Contains($"l4lb: {nobody}: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_not_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        Assert.Equal(ExitCode.Failed, await AskAsync(silent.LocalEndpoint.ToString()!, timeout: TimeSpan.FromMilliseconds(50)));
        Assert.Contains("did not answer within 0.05 s", _error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    private Task<int> AskAsync(string admin, string? certificate = null, TimeSpan? timeout = null) => HealthCommand.RunAsync(
        new HealthSettings(AdminAddress.Read(admin), certificate, timeout ?? TimeSpan.FromSeconds(30)),
        new CommandContext(_out, _error, static _ => null),
        CancellationToken.None);

    private string WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return _folder.Write($"{name}.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }
}
