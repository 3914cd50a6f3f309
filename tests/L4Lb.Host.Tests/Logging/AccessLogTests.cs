using System.Net;
using System.Text;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;
using L4Lb.Host.Logging;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Logging;

public class AccessLogTests
{
    private readonly ListLogger _logger = new();

    [Fact]
    public async Task A_line_has_every_field_in_order()
    {
        using var folder = new TemporaryFolder();
        await using (var log = Open(folder.File("access.log")))
        {
            log.Closed(Record(7) with
            {
                Backend = AddressKey.From(IPEndPoint.Parse("10.0.0.1:8080")),
                Peer = AddressKey.From(IPEndPoint.Parse("10.1.1.1:555")),
                Attempts = 2,
                QueuePosition = 3,
                QueueTime = TimeSpan.FromMilliseconds(0.75),
                ConnectTime = TimeSpan.FromMilliseconds(1.25),
                BytesFromClient = 79,
                BytesFromBackend = 802,
            });
        }

        Assert.Equal(
            """
            {"time":"2026-01-02T03:04:05.678Z","client":"192.0.2.7:40000","peer":"10.1.1.1:555","service":"default/web:http","listener":"10.96.0.1:80","protocol":"tcp","backend":"10.0.0.1:8080","attempts":2,"queue_position":3,"queue_ms":0.75,"connect_ms":1.25,"total_ms":20,"bytes_in":79,"bytes_out":802,"requests":null,"responses":null,"reason":"half_close_timeout","detail":null,"termination":"cD","shard":1,"id":7,"weight":1}

            """,
            await File.ReadAllTextAsync(folder.File("access.log")));
    }

    [Fact]
    public async Task A_flow_counts_its_datagrams()
    {
        using var folder = new TemporaryFolder();
        await using (var log = Open(folder.File("access.log")))
        {
            log.Closed(Record(1) with { Protocol = TransportProtocol.Udp, Requests = 2, Responses = 3, Reason = CloseReason.Completed });
            log.Closed(Record(0) with { Protocol = TransportProtocol.Udp, Reason = CloseReason.NoBackend });
        }

        var lines = await File.ReadAllLinesAsync(folder.File("access.log"));
        Assert.Contains("\"listener\":\"10.96.0.1:80\",\"protocol\":\"udp\",\"backend\":", lines[0]);
        Assert.Contains("\"bytes_out\":0,\"requests\":2,\"responses\":3,\"reason\":\"completed\"", lines[0]);
        Assert.Contains("\"requests\":0,\"responses\":0,\"reason\":\"no_backend\"", lines[1]);
    }

    [Fact]
    public async Task What_never_was_is_null()
    {
        using var folder = new TemporaryFolder();
        await using (var log = Open(folder.File("access.log")))
        {
            log.Closed(Record(1));
        }

        var line = await File.ReadAllTextAsync(folder.File("access.log"));
        Assert.Contains("\"peer\":null,", line);
        Assert.Contains("\"backend\":null,\"attempts\":0,\"queue_position\":null,\"queue_ms\":null,\"connect_ms\":null,", line);
    }

    [Fact]
    public async Task Records_beyond_the_queue_are_dropped_and_counted()
    {
        using var gate = new GatedStream();
        var log = new AccessLog(
            new AccessLogFile("log", () => gate, _logger), AccessLogFormat.Json, AccessLogSample.All, TimeProvider.System, _logger, capacity: 4);
        log.Closed(Record(0));
        await Eventually.HoldsAsync("the writer has taken the first record", () => gate.IsWriting);

        for (var i = 1; i <= 10; i++)
        {
            log.Closed(Record(i));
        }

        Assert.Equal(6, log.Dropped);
        gate.Open();
        await log.DisposeAsync();
        Assert.Equal(5, gate.Lines);
        Assert.Equal(["access log: 6 lines dropped, the writer cannot keep up"], _logger.TextsOf(400));
    }

    [Fact]
    public async Task After_rotation_lines_go_to_a_new_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("access.log");
        await using (var log = Open(path))
        {
            log.Closed(Record(1));
            await Eventually.HoldsAsync("the first line is there", () => new FileInfo(path).Length > 0);
            File.Move(path, path + ".1");
            log.Reopen();
            Assert.True(File.Exists(path));
            log.Closed(Record(2));
        }

        Assert.Contains("\"id\":1,", await File.ReadAllTextAsync(path + ".1"));
        Assert.Contains("\"id\":2,", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_file_that_is_copied_and_truncated_is_written_from_its_start()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("access.log");
        await using (var log = Open(path))
        {
            log.Closed(Record(1));
            await Eventually.HoldsAsync("the first line is there", () => new FileInfo(path).Length > 0);
            await using (var truncated = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                truncated.SetLength(0);
            }

            log.Closed(Record(2));
        }

        Assert.StartsWith("{", Assert.Single(await File.ReadAllLinesAsync(path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_those_that_ended_in_order_only_some_have_a_line_and_it_says_for_how_many_it_stands()
    {
        using var folder = new TemporaryFolder();
        await using (var log = Open(folder.File("access.log"), every: 4))
        {
            for (var id = 1; id <= 1000; id++)
            {
                log.Closed(Records.Served(id));
            }

            log.Closed(Record(1001));
        }

        var lines = await File.ReadAllLinesAsync(folder.File("access.log"));
        Assert.InRange(lines.Length, 200, 300);
        Assert.All(lines[..^1], line => Assert.EndsWith(",\"weight\":4}", line, StringComparison.Ordinal));
        Assert.EndsWith("\"id\":1001,\"weight\":1}", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_writes_what_HAProxy_writes_when_asked_to()
    {
        using var folder = new TemporaryFolder();
        await using (var log = Open(folder.File("access.log"), AccessLogFormat.TcpLog))
        {
            log.Closed(Records.Served(1));
            log.Closed(Records.Served(2));
        }

        var lines = await File.ReadAllLinesAsync(folder.File("access.log"));
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.EndsWith("/10.0.0.1:8080 0/1/20 802 -- 1/1/0/0/0 0/0", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_is_said_once_and_its_end_as_well()
    {
        using var disk = new FullDisk { IsFull = true };
        using var file = new AccessLogFile("log", () => disk, _logger);

        file.Write("12345"u8);
        file.Write("12345"u8);
        disk.IsFull = false;
        file.Write("12345"u8);

        Assert.Single(_logger.TextsOf(401));
        Assert.Equal(["access log log: written again, 10 bytes were lost"], _logger.TextsOf(402));
        Assert.Equal(5, disk.Length);
    }

    private AccessLog Open(string path, AccessLogFormat format = AccessLogFormat.Json, long every = 1) =>
        new(new AccessLogFile(path, _logger), format, new AccessLogSample(every), TimeProvider.System, _logger);

    private static SessionRecord Record(long id) => Records.Some(id);

    /// <summary>A disk that takes no byte until it is told to.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly StringBuilder _text = new();
        private volatile bool _isWriting;

        public bool IsWriting => _isWriting;

        public int Lines => _text.ToString().Count(c => c == '\n');

        public void Open() => _gate.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isWriting = true;
            _gate.Wait();
            _text.Append(Encoding.UTF8.GetString(buffer));
        }
    }

    private sealed class FullDisk : MemoryStream
    {
        public bool IsFull { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }

            base.Write(buffer);
        }
    }
}
