using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using L4Lb.Host.Admin;
using L4Lb.Host.Running;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Admin;

public sealed class AccessTests : IDisposable
{
    private const string Change = "/api/v1/services/shop/web/backends/127.0.0.1:1/drain";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(null, 401, 401, 401)]
    [InlineData("for looking", 200, 403, 403)]
    [InlineData("for all", 200, 404, 409)]
    public async Task Who_may_look_may_not_act_and_who_has_no_token_may_do_neither(string? token, int look, int act, int reload)
    {
        await using var backend = LoopbackBackend.Echo();
        await using var rig = await AdminRig.StartAsync(Guarded(), AdminRig.Service("web", backend));

        foreach (var path in new[] { "services", "sessions", "flows", "affinity", "listeners", "pools", "events", "status", "addresses" })
        {
            Assert.Equal(look, (await rig.SendAsync("GET", $"/api/v1/{path}", token: token)).Status);
        }

        Assert.Equal(act, (await rig.SendAsync("POST", Change, token: token)).Status);
        Assert.Equal(act, (await rig.SendAsync("PUT", Change.Replace("drain", "weight"), """{"weight":1}""", token)).Status);
        Assert.Equal(act, (await rig.SendAsync("DELETE", "/api/v1/sessions/1", token: token)).Status);
        Assert.Equal(reload, (await rig.SendAsync("POST", "/api/v1/reload", token: token)).Status);
        Assert.Equal(200, (await rig.SendAsync("GET", "/healthz")).Status);
        Assert.Equal(503, (await rig.SendAsync("GET", "/readyz")).Status);
    }

    [Theory]
    [InlineData("for looking", """{"level":"reader","token":true}""")]
    [InlineData("for all", """{"level":"operator","token":true}""")]
    public async Task Who_asks_is_told_what_the_token_is_good_for(string token, string answer)
    {
        await using var rig = await AdminRig.StartAsync(Guarded());

        Assert.Equal((200, answer), await rig.SendAsync("GET", "/api/v1/access", token: token));
        Assert.Equal(401, (await rig.SendAsync("GET", "/api/v1/access")).Status);
    }

    [Fact]
    public async Task Where_no_token_is_asked_for_everybody_is_an_operator()
    {
        await using var rig = await AdminRig.StartAsync();

        Assert.Equal((200, """{"level":"operator","token":false}"""), await rig.SendAsync("GET", "/api/v1/access"));
    }

    [Fact]
    public async Task Whoever_guesses_has_to_wait_and_that_is_an_event()
    {
        await using var rig = await AdminRig.StartAsync(Guarded());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await rig.SendAsync("GET", "/api/v1/status", token: $"guess {i}")).Status);
        }

        Assert.Equal(429, (await rig.SendAsync("GET", "/api/v1/status", token: "for all")).Status);
        Assert.Equal(200, (await rig.SendAsync("GET", "/healthz")).Status);
        Assert.Equal(10, rig.Journal.Read(static e => e.Code == 701).Count);
    }

    [Fact]
    public void Wrong_tokens_are_forgiven_one_by_one_and_an_IPv6_network_is_one_guesser()
    {
        var time = new ManualTime();
        var limit = new FailureLimit(time);
        var (one, neighbour, other) = (IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), IPAddress.Parse("192.0.2.1"));
        for (var i = 0; i < 9; i++)
        {
            limit.Add(one);
        }

        Assert.Null(limit.WaitFor(one));
        limit.Add(neighbour);
        Assert.Equal(TimeSpan.FromSeconds(6), limit.WaitFor(one));
        Assert.Null(limit.WaitFor(other));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(limit.WaitFor(neighbour));
        limit.Add(one);
        Assert.Equal(TimeSpan.FromSeconds(6), limit.WaitFor(neighbour));
    }

    [Fact]
    public async Task The_certificate_is_taken_anew_when_it_was_renewed()
    {
        var path = WriteCertificate("one");
        var settings = new AdminSettings(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0))) { CertificateFile = path };
        await using var rig = await AdminRig.StartAsync(settings);
        Assert.Equal("https", rig.Address.Scheme);
        Assert.Equal("CN=one", await SubjectAsync(rig));

        WriteCertificate("two");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("CN=two", await SubjectAsync(rig));

        File.WriteAllText(path, "half of a file");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(2));
        Assert.Equal("CN=two", await SubjectAsync(rig));
    }

    [Fact]
    public async Task A_file_that_has_no_certificate_stops_the_start()
    {
        var settings = Guarded() with { CertificateFile = _folder.Write("bad.pem", "nonsense") };

        var e = await Assert.ThrowsAsync<StartFailedException>(() => AdminRig.StartAsync(settings));

        Assert.StartsWith($"--admin-certificate {_folder.File("bad.pem")}: ", e.Message);
    }

    [Fact]
    public async Task Both_tokens_may_not_be_the_same()
    {
        var settings = Guarded() with { ReadTokenFile = _folder.Write("again", "for all") };

        var e = await Assert.ThrowsAsync<StartFailedException>(() => AdminRig.StartAsync(settings));

        Assert.Contains("has the operators' token", e.Message);
    }

    public void Dispose() => _folder.Dispose();

    private AdminSettings Guarded() => new(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0)), _folder.Write("all", "for all\n"))
    {
        ReadTokenFile = _folder.Write("look", "for looking\n"),
        AsksLocally = true,
    };

    private string WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return _folder.Write("admin.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<string> SubjectAsync(AdminRig rig)
    {
        var subject = "";
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    subject = certificate!.Subject;
                    return subject is "CN=one" or "CN=two";
                },
            },
        });
        await http.GetStringAsync(new Uri(rig.Address, "/healthz"));
        return subject;
    }
}
