using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using L4Lb.Dns.Serving;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;
using static L4Lb.Dns.Tests.Questions;

namespace L4Lb.Dns.Tests.Serving;

/// <summary>The server on real sockets, with an upstream that the test plays.</summary>
public sealed class DnsServerTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _running = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var item in _running.AsEnumerable().Reverse())
        {
            await item.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Questions_are_answered_by_UDP_and_TCP(string address)
    {
        var server = await OpenAsync(new DnsServerOptions(new IPEndPoint(IPAddress.Parse(address), 0)) { Threads = 2 });
        var question = Ask("web.cluster.local", RecordType.A);
        Assert.Equal(["web.cluster.local. 5 A 10.96.0.10"], Answer.Read(await ByUdpAsync(server, question)).Answers);
        Assert.Equal(["web.cluster.local. 5 A 10.96.0.10"], Answer.Read((await ByTcpAsync(server, question))[0]).Answers);
        Assert.Equal((1, 1), (server.Counters.ByDatagram, server.Counters.ByStream));
    }

    [Fact]
    public async Task On_all_addresses_it_answers_from_the_one_that_was_asked()
    {
        var server = await OpenAsync(new DnsServerOptions(new IPEndPoint(IPAddress.Any, 0)));
        foreach (var local in (string[])["127.0.0.1", "127.0.0.53", "127.9.9.9"])
        {
            // Connected, so that an answer from elsewhere would not be heard.
            var answer = await ByUdpAsync(new IPEndPoint(IPAddress.Parse(local), server.Address.Port), Ask("ns.dns.cluster.local", RecordType.A));
            Assert.Equal([$"ns.dns.cluster.local. 5 A {local}"], Answer.Read(answer).Answers);
        }
    }

    [Fact]
    public async Task Many_questions_go_through_one_connection()
    {
        var server = await OpenAsync();
        byte[][] questions = [.. Enumerable.Range(0, 500).Select(i => Ask("web.cluster.local", RecordType.A, id: (ushort)i))];
        Assert.Equal(Enumerable.Range(0, 500), (await ByTcpAsync(server, questions)).Select(static answer => Answer.Read(answer).Id));
    }

    [Fact]
    public async Task New_names_are_in_force_at_once()
    {
        var server = await OpenAsync();
        Assert.Equal(3, Answer.Read(await ByUdpAsync(server, Ask("new.cluster.local", RecordType.A))).Code);
        server.Zones = new ZoneSet([Cluster().Add(Name("new.cluster.local"), RecordType.A, Address("10.96.0.11")).Build()]);
        Assert.Equal(["new.cluster.local. 5 A 10.96.0.11"], Answer.Read(await ByUdpAsync(server, Ask("new.cluster.local", RecordType.A))).Answers);
    }

    [Fact]
    public async Task Names_of_others_are_passed_on_and_come_back_as_they_are()
    {
        var upstream = await UpstreamAsync(static _ => [("A", "192.0.2.80")]);
        var server = await OpenAsync(upstream: upstream);
        var question = Ask("www.Example.com", RecordType.A, payload: 1232, id: 77);

        var answer = Answer.Read(await ByUdpAsync(server, question));
        Assert.Equal((77, 0, false), (answer.Id, answer.Code, answer.IsAuthoritative));
        Assert.Equal(["www.Example.com. 60 A 192.0.2.80"], answer.Answers);
        Assert.Equal(["www.Example.com. 60 A 192.0.2.80"], Answer.Read((await ByTcpAsync(server, question))[0]).Answers);
        Assert.NotEqual(77, upstream.Ids.First()); // Its own number: an answer cannot be guessed from the question.
        Assert.Equal((2, 0), (server.Counters.PassedOn, server.Counters.Failed));
    }

    [Fact]
    public async Task The_addresses_behind_an_external_name_come_with_it()
    {
        var upstream = await UpstreamAsync(static name => name == "my.database.example.com."
            ? [("CNAME", "real.example.com"), ("A", "192.0.2.32")]
            : throw new InvalidOperationException(name));
        var server = await OpenAsync(upstream: upstream);
        var answer = Answer.Read(await ByUdpAsync(server, Ask("out.cluster.local", RecordType.A)));
        Assert.Equal((0, true), (answer.Code, answer.IsAuthoritative));
        Assert.Equal(
            [
                "out.cluster.local. 5 CNAME my.database.example.com.",
                "my.database.example.com. 60 CNAME real.example.com.",
                "real.example.com. 60 A 192.0.2.32",
            ],
            answer.Answers);
        Assert.Equal(
            ["out.cluster.local. 5 CNAME my.database.example.com."],
            Answer.Read(await ByUdpAsync(server, Ask("out.cluster.local", RecordType.CNAME))).Answers);
    }

    [Fact]
    public async Task The_next_server_is_asked_when_one_is_silent()
    {
        var silent = await UpstreamAsync(static _ => null);
        var upstream = await UpstreamAsync(static _ => [("A", "192.0.2.80")]);
        var server = await OpenAsync(new DnsServerOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Upstreams = [silent.Address, upstream.Address],
            Patience = TimeSpan.FromMilliseconds(50),
        });
        Assert.Equal(
            ["www.example.com. 60 A 192.0.2.80"], Answer.Read(await ByUdpAsync(server, Ask("www.example.com", RecordType.A))).Answers);
    }

    [Fact]
    public async Task When_nobody_answers_that_is_said_and_nothing_is_kept()
    {
        var before = OpenDescriptors.Count();
        var silent = await UpstreamAsync(static _ => null);
        var server = await OpenAsync(new DnsServerOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Upstreams = [silent.Address],
            Patience = TimeSpan.FromMilliseconds(50),
        });
        Assert.Equal(2, Answer.Read(await ByUdpAsync(server, Ask("www.example.com", RecordType.A))).Code);
        var alias = Answer.Read((await ByTcpAsync(server, Ask("out.cluster.local", RecordType.A)))[0]);
        Assert.Equal((2, 1), (alias.Code, alias.Answers.Count)); // Not "no address": that would be kept.
        Assert.Equal((2, 2), (server.Counters.PassedOn, server.Counters.Failed));
        await DisposeAsync();
        _running.Clear();
        await Eventually.HoldsAsync(() => OpenDescriptors.Count() <= before, () => $"{OpenDescriptors.Count()} descriptors, {before} before");
    }

    [Fact]
    public async Task A_forged_answer_does_not_count()
    {
        var forger = await UpstreamAsync(static _ => [("A", "192.0.2.66")]);
        forger.Forge = true; // First with another number, then for another name, then the true one.
        var server = await OpenAsync(upstream: forger);
        Assert.Equal(
            ["www.example.com. 60 A 192.0.2.66"], Answer.Read(await ByUdpAsync(server, Ask("www.example.com", RecordType.A))).Answers);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_to_be_so()
    {
        var server = await OpenAsync();
        var problem = await Assert.ThrowsAsync<IOException>(() => DnsServer.OpenAsync(new DnsServerOptions(server.Address)));
        Assert.StartsWith($"{server.Address}/udp is in use", problem.Message, StringComparison.Ordinal);

        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        problem = await Assert.ThrowsAsync<IOException>(() => DnsServer.OpenAsync(new DnsServerOptions((IPEndPoint)other.LocalEndpoint)));
        Assert.StartsWith($"{other.LocalEndpoint}/tcp could not be bound", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_leaves_nothing()
    {
        var server = await OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Address);
            await client.GetStream().WriteAsync(new byte[] { 0, 40, 1, 2, 3 }.AsMemory(0, i % 6));
        }

        // As many as there may be at once, and all of them gave their place back.
        Assert.Equal(0, Answer.Read((await ByTcpAsync(server, Ask("web.cluster.local", RecordType.A)))[0]).Code);
    }

    private async Task<DnsServer> OpenAsync(DnsServerOptions? options = null, FakeUpstream? upstream = null)
    {
        var server = await DnsServer.OpenAsync(
            options ?? new DnsServerOptions(new IPEndPoint(IPAddress.Loopback, 0)) { Upstreams = upstream is null ? [] : [upstream.Address] },
            new ZoneSet(
            [
                Cluster()
                    .Add(Name("web.cluster.local"), RecordType.A, Address("10.96.0.10"))
                    .Add(Name("out.cluster.local"), RecordType.CNAME, new NameData(Name("my.database.example.com")))
                    .Build(),
            ]));
        _running.Add(server);
        return server;
    }

    private Task<FakeUpstream> UpstreamAsync(Func<string, IReadOnlyList<(string Type, string Value)>?> answers)
    {
        var upstream = new FakeUpstream(answers);
        _running.Add(upstream);
        return Task.FromResult(upstream);
    }

    private static Task<byte[]> ByUdpAsync(DnsServer server, byte[] question) => ByUdpAsync(server.Address, question);

    private static async Task<byte[]> ByUdpAsync(IPEndPoint server, byte[] question)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, deadline.Token);
        await socket.SendAsync(question, deadline.Token);
        var buffer = new byte[4096];
        return buffer[..await socket.ReceiveAsync(buffer, deadline.Token)];
    }

    private static async Task<List<byte[]>> ByTcpAsync(DnsServer server, params byte[][] questions)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(questions.SelectMany(Framed).ToArray(), deadline.Token);
        var answers = new List<byte[]>();
        var size = new byte[2];
        while (answers.Count < questions.Length)
        {
            await stream.ReadExactlyAsync(size, deadline.Token);
            var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
            await stream.ReadExactlyAsync(answer, deadline.Token);
            answers.Add(answer);
        }

        return answers;
    }

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    /// <summary>Another server, by UDP and TCP, which says of each name what the test wants.</summary>
    private sealed class FakeUpstream : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Socket _udp;
        private readonly TcpListener _tcp;
        private readonly Func<string, IReadOnlyList<(string Type, string Value)>?> _answers;
        private readonly Task _serving;

        public FakeUpstream(Func<string, IReadOnlyList<(string Type, string Value)>?> answers)
        {
            _answers = answers;
            (_udp, _tcp) = Open();
            _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
        }

        public IPEndPoint Address => (IPEndPoint)_udp.LocalEndPoint!;

        public bool Forge { get; set; }

        public ConcurrentQueue<int> Ids { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _udp.Dispose();
            _tcp.Dispose();
            await _serving;
            _stop.Dispose();
        }

        /// <summary>A port that is free for both.</summary>
        private static (Socket Udp, TcpListener Tcp) Open()
        {
            while (true)
            {
                var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var tcp = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
                try
                {
                    tcp.Start();
                    return (udp, tcp);
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                {
                    udp.Dispose();
                }
            }
        }

        private async Task ServeUdpAsync()
        {
            var buffer = new byte[4096];
            try
            {
                while (true)
                {
                    var got = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                    if (Write(buffer[..got.ReceivedBytes]) is not { } answer)
                    {
                        continue;
                    }

                    if (Forge)
                    {
                        byte[] number = [.. answer], name = [.. answer];
                        number[0] ^= 0xFF;
                        name[14] ^= 1;
                        await _udp.SendToAsync(number, got.RemoteEndPoint, _stop.Token);
                        await _udp.SendToAsync(name, got.RemoteEndPoint, _stop.Token);
                    }

                    await _udp.SendToAsync(answer, got.RemoteEndPoint, _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
            }
        }

        private async Task ServeTcpAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                    var stream = client.GetStream();
                    var size = new byte[2];
                    await stream.ReadExactlyAsync(size, _stop.Token);
                    var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                    await stream.ReadExactlyAsync(question, _stop.Token);
                    if (Write(question) is { } answer)
                    {
                        await stream.WriteAsync(Framed(answer), _stop.Token);
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
            {
            }
        }

        private byte[]? Write(byte[] request)
        {
            Span<byte> name = stackalloc byte[DnsName.WireBytesMax];
            Assert.Equal(QuestionFault.None, DnsQuestion.Read(request, name, out var question));
            Ids.Enqueue(question.Header.Id);
            var owner = DnsName.FromWire(question.Name);
            if (_answers(owner.ToString()) is not { } answers)
            {
                return null;
            }

            var room = new byte[4096];
            var writer = new MessageWriter(room, question.Section);
            foreach (var (type, value) in answers)
            {
                RecordData data = type == "CNAME" ? new NameData(Name(value)) : Address(value);
                Assert.True(writer.TryWrite(owner.Wire, Enum.Parse<RecordType>(type), 60, data));
                owner = type == "CNAME" ? Name(value) : owner;
            }

            new DnsHeader(question.Header.Id, HeaderFlags.Response | HeaderFlags.RecursionAvailable, 1, (ushort)answers.Count, 0, 0).Write(room);
            return room[..writer.Length];
        }
    }
}
