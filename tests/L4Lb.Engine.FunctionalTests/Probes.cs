using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using L4Lb.Engine.Health.Probes;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>Each kind of check against real peers, well and not.</summary>
public sealed class Probes : FunctionalTest
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Tcp_connects_and_leaves_with_a_reset()
    {
        var backend = Own(LoopbackBackend.Manual());

        Assert.Equal("Passed L4OK", await ProbeAsync(Tcp(), backend.EndPoint));

        using var seen = await backend.AcceptAsync();
        Assert.Equal((0, StreamEnd.Reset), await seen.ReceiveToEndAsync());
    }

    [Fact]
    public async Task Tcp_is_refused_or_hears_nothing()
    {
        Assert.Equal("Failed L4CON Connection refused", await ProbeAsync(Tcp(), Own(LoopbackBackend.Refuses()).EndPoint));
        Assert.Equal("Failed L4TOUT", await ProbeAsync(Tcp(), Own(await LoopbackBackend.SilentAsync()).EndPoint, s_short));
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V1, "PROXY UNKNOWN\r\n")]
    [InlineData(ProxyProtocolVersion.V2, "\r\n\r\n\0\r\nQUIT\n \0\0\0")]
    public async Task The_PROXY_header_comes_first(ProxyProtocolVersion version, string header)
    {
        var backend = Own(LoopbackBackend.Manual());
        var probing = ProbeAsync(Http(), backend.EndPoint, proxy: version);

        using var seen = await backend.AcceptAsync();
        var expected = header + "GET / HTTP/1.1\r\n";
        Assert.Equal(expected, Encoding.Latin1.GetString(await seen.ReceiveExactlyAsync(expected.Length)));
        await seen.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());

        Assert.Equal("Passed L7OK 200", await probing);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "Passed L7OK 200")]
    [InlineData("HTTP/1.1 503 Sorry\r\n\r\n", "Failed L7STS 503")]
    [InlineData("220 mail ESMTP\r\n", "Failed L7RSP not an HTTP/1 answer")]
    [InlineData("", "Failed L7RSP closed without an answer")]
    [InlineData("HTTP/1.1 20", "Failed L7RSP not an HTTP/1 answer")]
    public async Task Http_reads_the_status(string answer, string expected)
    {
        var request = new StringBuilder();
        var backend = Own(LoopbackBackend.Serving(async connection =>
        {
            var buffer = new byte[1024];
            request.Append(Encoding.ASCII.GetString(buffer, 0, await connection.ReceiveAsync(buffer)));
            await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
            connection.FinishSending();
            await connection.ReceiveToEndAsync();
        }));

        Assert.Equal(expected, await ProbeAsync(Http("/ready?full=1", "web.example"), backend.EndPoint));
        Assert.Equal(
            "GET /ready?full=1 HTTP/1.1\r\nHost: web.example\r\nUser-Agent: l4lb\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            request.ToString());
    }

    [Fact]
    public async Task Http_is_bounded_in_time_and_length()
    {
        var silent = Own(LoopbackBackend.Manual());
        var babbling = Own(LoopbackBackend.Source(new Payload(seed: 3), bytes: 64 * 1024 * 1024));
        var resetting = Own(LoopbackBackend.ResetsAfter(16));

        Assert.Equal("Failed L7TOUT", await ProbeAsync(Http(), silent.EndPoint, s_short));
        Assert.Equal("Failed L7RSP not an HTTP/1 answer", await ProbeAsync(Http(), babbling.EndPoint));
        Assert.Equal("Failed L7RSP Connection reset by peer", await ProbeAsync(Http(), resetting.EndPoint));
        Assert.Equal("Failed L4CON Connection refused", await ProbeAsync(Http(), Own(LoopbackBackend.Refuses()).EndPoint));
    }

    [Fact]
    public async Task Tls_shakes_hands_with_whoever_it_is()
    {
        using var certificate = SelfSigned();
        var names = new List<string?>();
        var backend = Own(LoopbackBackend.Serving(async connection =>
        {
            await using var tls = new SslStream(new NetworkStream(connection.Socket, ownsSocket: false));
            await tls.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                names.Add(hello.ServerName);
                return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = certificate });
            }, null);
            await connection.ReceiveToEndAsync();
        }));

        Assert.StartsWith("Passed L6OK Tls1", await ProbeAsync(Tls("web.example"), backend.EndPoint), StringComparison.Ordinal);
        Assert.StartsWith("Passed L6OK Tls1", await ProbeAsync(Tls(host: null), backend.EndPoint), StringComparison.Ordinal);
        Assert.Equal(["web.example", ""], names);
    }

    [Fact]
    public async Task Tls_fails_with_those_who_do_not_speak_it()
    {
        var plain = Own(LoopbackBackend.Serving(connection => connection.SendAsync("220 mail ESMTP\r\n"u8.ToArray())));
        var silent = Own(LoopbackBackend.Manual());

        Assert.StartsWith("Failed L6RSP ", await ProbeAsync(Tls("a"), plain.EndPoint), StringComparison.Ordinal);

        // Whether the reset comes during the connect or after is a matter of microseconds.
        Assert.Matches("^Failed L(4CON|6RSP) ", await ProbeAsync(Tls("a"), Own(LoopbackBackend.Resets()).EndPoint));
        Assert.Equal("Failed L6TOUT", await ProbeAsync(Tls("a"), silent.EndPoint, s_short));
        Assert.Equal("Failed L4CON Connection refused", await ProbeAsync(Tls("a"), Own(LoopbackBackend.Refuses()).EndPoint));
    }

    [Theory]
    [InlineData("ping\r\n\0\u00ff", "pong", "ping\r\n\0 pong", "Passed L7OK")]
    [InlineData("ping", "\u00fe", "\u00fe\u00ff", "Passed L7OK")]
    [InlineData("ping", "pong", "nack", "Failed L7RSP not the expected answer")]
    [InlineData("ping", "pong", null, "Failed L7TOUT")]
    [InlineData("ping", "", "anything, and more than one byte of it", "Passed L4OK")]
    [InlineData("ping", "", null, "Passed L4OK")]
    [InlineData("", "", "", "Passed L4OK")]
    public async Task Udp_compares_the_answer(string send, string expect, string? answer, string expected)
    {
        var peer = Own(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var probing = ProbeAsync(Udp(send, expect), (IPEndPoint)peer.LocalEndPoint!, TimeSpan.FromMilliseconds(500));

        var buffer = new byte[100];
        var asked = await peer.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
        Assert.Equal(Encoding.Latin1.GetBytes(send), buffer[..asked.ReceivedBytes]);
        if (answer is not null)
        {
            await peer.SendToAsync(Encoding.Latin1.GetBytes(answer), asked.RemoteEndPoint);
        }

        Assert.Equal(expected, await probing);
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V1, 0)]
    [InlineData(ProxyProtocolVersion.V2, 16)]
    public async Task Udp_begins_with_the_header_that_datagrams_can_have(ProxyProtocolVersion version, int bytes)
    {
        await using var peer = DatagramBackend.Echo();

        Assert.Equal("Passed L7OK", await ProbeAsync(Udp("ping", "ping"), peer.EndPoint, proxy: version));

        var datagram = Assert.Single(peer.Received).Datagram;
        Assert.Equal([.. L4Lb.Engine.ProxyProtocol.ProxyHeader.Local(version).Span[..bytes], .. "ping"u8], datagram);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pong")]
    public async Task Udp_is_refused_by_ICMP(string expect)
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)closed.LocalEndPoint!;
        closed.Close();

        Assert.Equal("Failed L4CON Connection refused", await ProbeAsync(Udp("ping", expect), address, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("Passed PROCOK", "/bin/true")]
    [InlineData("Failed PROCERR exit code 1", "/bin/false")]
    [InlineData("Failed PROCERR exit code 7", "/bin/sh", "-c", "exit 7")]
    [InlineData("Failed PROCERR exit code 137", "/bin/sh", "-c", "kill -9 $$")]
    [InlineData("Passed PROCOK", "/bin/sh", "-c", "test \"$1 $2\" = 'a b c'", "sh", "a b", "c")]
    [InlineData("Passed PROCOK", "/bin/sh", "-c", "test $L4LB_BACKEND_ADDRESS:$L4LB_BACKEND_PORT = 10.1.2.3:99")]
    [InlineData("Passed PROCOK", "/bin/sh", "-c", "test $L4LB_BACKEND_SERVICE = default/web:http")]
    [InlineData("Passed PROCOK", "/bin/sh", "-c", "test -n \"$PATH\" && test -z \"$HOME\"")]
    [InlineData("Passed PROCOK", "/bin/sh", "-c", "echo out; echo err >&2; ! read line")]
    [InlineData("Failed PROCERR /no/such/program: No such file or directory", "/no/such/program")]
    [InlineData("Failed PROCERR /etc/passwd: Permission denied", "/etc/passwd")]
    public async Task Exec_goes_by_the_exit_code(string expected, params string[] command) =>
        Assert.Equal(expected, await ProbeAsync(Exec(command), new IPEndPoint(IPAddress.Parse("10.1.2.3"), 99), TimeSpan.FromSeconds(20)));

    [Fact]
    public async Task Exec_is_killed_at_the_timeout_with_all_that_it_started()
    {
        var file = Path.GetTempFileName();
        try
        {
            var result = await ProbeAsync(
                Exec("/bin/sh", "-c", $"sleep 1000 & echo $$ $! > {file}; wait"), new IPEndPoint(IPAddress.Loopback, 1), TimeSpan.FromSeconds(1));

            Assert.Equal("Failed PROCTOUT", result);
            var ids = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(2, ids.Length);
            Assert.False(Directory.Exists($"/proc/{ids[0]}"), "the program was not waited for");
            await Eventually.HoldsAsync(() => !IsAlive(ids[1]), () => "what it started lives on");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_is_ours_to_have_is_nobodys_failure()
    {
        var backend = Own(LoopbackBackend.Echo());
        using var limit = new DescriptorLimit();

        Assert.StartsWith("Unknown SOCKERR ", await ProbeAsync(Tcp(), backend.EndPoint), StringComparison.Ordinal);
        Assert.StartsWith("Unknown SOCKERR ", await ProbeAsync(Udp("a", ""), backend.EndPoint), StringComparison.Ordinal);
    }

    private static ProbeSpec Tcp() => new() { Kind = ProbeKind.Tcp };

    private static ProbeSpec Http(string path = "/", string? host = null) => new() { Kind = ProbeKind.Http, Path = path, Host = host };

    private static ProbeSpec Tls(string? host) => new() { Kind = ProbeKind.Tls, Host = host };

    private static ProbeSpec Udp(string send, string expect) => new() { Kind = ProbeKind.Udp, Send = send, Expect = expect };

    private static ProbeSpec Exec(params string[] command) => new() { Kind = ProbeKind.Exec, Command = [.. command] };

    private static async Task<string> ProbeAsync(
        ProbeSpec spec, IPEndPoint address, TimeSpan? timeout = null, ProxyProtocolVersion proxy = ProxyProtocolVersion.None)
    {
        var service = new ServiceSpec
        {
            Key = new ServiceKey("default", "web", "http"),
            ProxyProtocol = new ProxyProtocolSpec { Send = proxy },
        };
        using var deadline = new CancellationTokenSource(timeout ?? Eventually.Deadline);
        var result = await ProbeFactory.Create(spec).RunAsync(ProbeTarget.Of(service, AddressKey.From(address), port: null), deadline.Token);
        return $"{result.Outcome} {result.Code} {result.Words}".TrimEnd();
    }

    private static bool IsAlive(string id)
    {
        try
        {
            // "pid (name) state …"; who is orphaned waits as a zombie for the first process of the machine.
            var status = File.ReadAllText($"/proc/{id}/stat");
            return status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody else", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1));
    }
}
