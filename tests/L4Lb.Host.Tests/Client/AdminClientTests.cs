using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using L4Lb.Host.Admin;
using L4Lb.Host.Client;
using L4Lb.Host.Tests.Admin;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Client;

/// <summary>What somebody reads who asks where nobody answers, or who may not.</summary>
public sealed class AdminClientTests : IDisposable
{
    private static readonly AdminSettings s_anyPort = new(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0)));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("127.0.0.1:9900", "http://127.0.0.1:9900/")]
    [InlineData("[::1]:9900", "http://[::1]:9900/")]
    [InlineData("localhost:9900", "http://127.0.0.1:9900/")]
    [InlineData("https://lb.example:9900", "https://lb.example:9900/")]
    [InlineData("unix:/run/l4lb.sock", "http://localhost/")]
    public void Addresses_are_those_of_run_or_urls(string text, string url) => Assert.Equal(new Uri(url), ServerAddress.Read(text).Base);

    [Theory]
    [InlineData("none")]
    [InlineData("127.0.0.1:0")]
    [InlineData("unix:l4lb.sock")]
    [InlineData("ftp://lb.example")]
    [InlineData("https://lb.example/api")]
    [InlineData("lb.example")]
    public async Task Other_addresses_are_2(string address)
    {
        var (code, _, error) = await CommandRig.RunAsync(null, ["reload", "--admin", address]);

        Assert.Equal(2, code);
        Assert.StartsWith($"l4lb: --admin {address}: ", error);
        Assert.Contains("must be ", error);
    }

    [Fact]
    public async Task Nobody_there_is_3_and_says_what_would_help()
    {
        var nowhere = $"127.0.0.1:{Loopback.FreePort()}";
        const string Help = "; start one by 'l4lb run', or say where it is by --admin ADDRESS (L4LB_ADMIN)\n";

        Assert.Equal((3, "", $"l4lb: no instance answers at {nowhere}: connection refused{Help}"), await AskAsync(nowhere));
        var socket = $"unix:{_folder.File("none.sock")}";
        Assert.Equal((3, "", $"l4lb: no instance answers at {socket}: there is no such socket{Help}"), await AskAsync(socket));
    }

    [Fact]
    public async Task A_unix_socket_is_asked()
    {
        var path = _folder.File("l4lb.sock");
        await using var backend = LoopbackBackend.Echo();
        await using var rig = await AdminRig.StartAsync(new AdminSettings(AdminAddress.Read($"unix:{path}")), AdminRig.Service("web", backend));

        var (code, output, error) = await AskAsync($"unix:{path}");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("web", output);
    }

    [Fact]
    public async Task Tokens_are_sent_and_what_is_wrong_with_one_is_said()
    {
        var (all, look, wrong) = (_folder.Write("all", "for all\n".Replace(' ', '-')), _folder.Write("look", "for-looking"), _folder.Write("wrong", "guess"));
        await using var rig = await AdminRig.StartAsync(s_anyPort with { TokenFile = all, ReadTokenFile = look, AsksLocally = true });
        var at = rig.Address.GetLeftPart(UriPartial.Authority);
        string[] change = ["drain", "web", "127.0.0.1:1", "--admin", at];

        Assert.Equal((1, "", $"l4lb: {at} asks for a token; --token-file FILE (L4LB_TOKEN_FILE) has it\n"), await AskAsync(at));
        Assert.Equal(0, (await AskAsync(at, "--token-file", look)).Code);
        Assert.Equal(
            (1, "", "l4lb: the token is for looking only; --token-file FILE names one for operators\n"),
            await CommandRig.RunAsync(null, [.. change, "--token-file", look]));
        Assert.Equal(
            (1, "", "l4lb: there is no service default/web; there is none\n"), await CommandRig.RunAsync(null, [.. change, "--token-file", all]));
        Assert.Equal(
            (1, "", $"l4lb: {at} does not know the token of {wrong}; --token-file FILE (L4LB_TOKEN_FILE) names another\n"),
            await AskAsync(at, "--token-file", wrong));
        for (var i = 0; i < 9; i++)
        {
            await AskAsync(at, "--token-file", wrong);
        }

        var (code, _, error) = await AskAsync(at, "--token-file", all);
        Assert.Equal(1, code);
        Assert.Matches($"^l4lb: too many wrong tokens came from there; {at} answers again in [1-6]s\n$", error);
        (code, _, error) = await AskAsync(at, "--token-file", _folder.File("nothing"));
        Assert.Equal(3, code);
        Assert.StartsWith($"l4lb: --token-file {_folder.File("nothing")}: ", error);
    }

    [Fact]
    public async Task A_certificate_has_to_be_of_an_authority_that_is_known()
    {
        var path = WriteCertificate();
        await using var rig = await AdminRig.StartAsync(s_anyPort with { CertificateFile = path });
        var at = rig.Address.GetLeftPart(UriPartial.Authority);

        var (code, _, error) = await AskAsync(at);
        Assert.Equal(3, code);
        Assert.StartsWith($"l4lb: {at} has a certificate that is not trusted here: ", error);
        Assert.EndsWith("; --ca-file FILE names its authority\n", error);
        (code, _, error) = await AskAsync(at, "--ca-file", path);
        Assert.Equal((0, "No services found.\n"), (code, error));
        var (plain, _, why) = await AskAsync(rig.Address.Authority);
        Assert.Equal(3, plain);
        Assert.Contains($"with a certificate it is --admin https://{rig.Address.Authority}", why);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "answers 404 and is no admin API of this program")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "answers what this version (")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n", "does not answer as an instance does")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"items\": [", "no answer of ")]
    public async Task What_is_no_instance_is_3(string answer, string expected)
    {
        var (code, _, error) = await AskRawAsync(answer);

        Assert.Equal(3, code);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task Fields_of_another_version_are_passed_over()
    {
        const string Body = """{"items":[{"namespace":"shop","name":"web","reason":"Full","message":"none left","later":{"x":1}}],"leader":null,"more":1}""";
        var pools = $$"""{"items":[],"leader":null,"pending":{{Body[9..Body.IndexOf(",\"leader", StringComparison.Ordinal)]}},"more":[]}""";

        var (code, output, _) = await AskRawAsync($"HTTP/1.1 200 OK\r\nContent-Length: {pools.Length}\r\n\r\n{pools}", "get", "pending");

        Assert.Equal((0, "NAMESPACE   NAME   REASON   MESSAGE\nshop        web    Full     none left\n"), (code, output));
    }

    [Fact]
    public async Task A_refused_configuration_is_1_with_every_reason()
    {
        const string Body = """{"title":"The configuration is refused","status":422,"detail":"revision 3 stays in force","errors":["web.yaml:7: spec.type: wrong","web.yaml:9: other"]}""";

        Assert.Equal(
            (1, "", "l4lb: the configuration is refused: revision 3 stays in force\nl4lb: web.yaml:7: spec.type: wrong\nl4lb: web.yaml:9: other\n"),
            await AskRawAsync(
                $"HTTP/1.1 422 No\r\nContent-Type: application/problem+json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}", "reload"));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_3()
    {
        using var silent = Listen();

        var (code, _, error) = await AskAsync($"{silent.LocalEndPoint}", "--request-timeout", "50ms");

        Assert.Equal((3, $"l4lb: {silent.LocalEndPoint} does not answer within 0.05s; --request-timeout gives it more time\n"), (code, error));
    }

    private static Task<(int Code, string Out, string Error)> AskAsync(string admin, params string[] options) =>
        CommandRig.RunAsync(null, ["get", "services", "--admin", admin, .. options]);

    /// <summary>Asks a server that says just this.</summary>
    private static async Task<(int Code, string Out, string Error)> AskRawAsync(string answer, params string[] command)
    {
        using var server = Listen();
        var serving = Task.Run(async () =>
        {
            using var connection = await server.AcceptAsync();
            await connection.ReceiveAsync(new byte[4096]);
            await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
            connection.Shutdown(SocketShutdown.Send);
            while (await connection.ReceiveAsync(new byte[4096]) > 0)
            {
                // Until the client has gone.
            }
        });
        string[] asked = command.Length > 0 ? command : ["get", "services"];
        var result = await CommandRig.RunAsync(null, [.. asked, "--admin", $"{server.LocalEndPoint}"]);
        await serving;
        return result;
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=lb", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return _folder.Write("tls.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }
}
