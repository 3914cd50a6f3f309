using System.IO.Compression;
using System.Text;
using L4Lb.Lab.Replay;

namespace L4Lb.Lab.Tests.Replay;

public class AccessLogReaderTests
{
    internal const string Json = """{"time":"2026-01-02T03:04:05.678Z","client":"192.0.2.7:40000","peer":null,"service":"default/web:http","listener":"10.96.0.1:80","protocol":"tcp","backend":"10.0.0.1:8080","attempts":2,"queue_position":3,"queue_ms":100,"connect_ms":101.5,"total_ms":350.25,"bytes_in":1,"bytes_out":802,"requests":null,"responses":null,"reason":"completed","detail":null,"termination":"--","shard":0,"id":7,"weight":1}""";

    internal const string Tcp = "192.0.2.7:40000 [02/Jan/2026:03:04:05.678] default.web:http default.web:http/10.0.0.1:8080 100/1/350 802 -- 12/4/3/2/+1 0/2";

    private static readonly DateTime s_time = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    [Fact]
    public void Both_forms_say_the_same()
    {
        var (json, tcp) = (Assert.Single(Read(Json).Sessions), Assert.Single(Read(Tcp).Sessions));

        Assert.Equal((s_time.Ticks, "default.web:http", 2, 1L), (json.AcceptedTicks, json.Service, json.Attempts, json.Weight));
        Assert.Equal(("192.0.2.7:40000", "10.0.0.1:8080"), (json.Client.ToString(), json.Backend.ToString()));
        Assert.Equal((0.1, 0.1015, 0.35025), (json.Queued, json.Connect!.Value, json.Total));
        Assert.Equal(json with { Connect = 0.101, Total = 0.35 }, tcp with { Connect = Math.Round(tcp.Connect!.Value, 9) });
        Assert.True(json.WasServed);
    }

    [Theory]
    [InlineData("2001:db8::7:40000 [02/Jan/2026:03:04:05.678] a.b:c a.b:c/[2001:db8::1]:80 0/0/5 0 -- 1/1/0/0/0 0/0", "[2001:db8::7]:40000", "[2001:db8::1]:80", true)]
    [InlineData("Jan  2 03:04:05 host haproxy[12]: 192.0.2.7:1 [02/Jan/2026:03:04:05.678] a.b:c a.b:c/10.0.0.1:80 0/0/+5 0 cD 1/1/0/0/0 0/0", "192.0.2.7:1", "10.0.0.1:80", true)]
    [InlineData("192.0.2.7:1 [02/Jan/2026:03:04:05.678] a.b:c a.b:c/<NOSRV> -1/-1/5 0 SC 1/1/0/0/0 0/0", "192.0.2.7:1", "", false)]
    [InlineData("192.0.2.7:1 [02/Jan/2026:03:04:05.678] a.b:c a.b:c/10.0.0.1:80 0/-1/5 0 sC 1/1/0/0/+3 0/0", "192.0.2.7:1", "10.0.0.1:80", false)]
    public void Lines_of_HAProxys_form_are_read(string line, string client, string backend, bool wasServed)
    {
        var session = Assert.Single(Read(line).Sessions);
        Assert.Equal((client, backend, wasServed), (session.Client.ToString(), session.Backend?.ToString() ?? "", session.WasServed));
    }

    [Fact]
    public void A_flow_was_served_without_a_connect()
    {
        var flow = Assert.Single(Read(Json.Replace("\"tcp\"", "\"udp\"").Replace("101.5", "null")).Sessions);
        Assert.Equal((true, null, true), (flow.IsUdp, flow.Connect, flow.WasServed));
    }

    [Fact]
    public void What_is_compressed_is_read_as_it_is()
    {
        var reading = AccessLogReader.Read("a.gz", new MemoryStream(Compress($"{Json}\n{Tcp}\n")));
        Assert.Equal(2, reading.Sessions.Count);
        Assert.Empty(reading.Diagnostics);
    }

    [Fact]
    public void A_last_line_that_is_cut_is_passed_over_with_a_warning()
    {
        var reading = Read($"{Json}\n{Tcp}\n{Json[..100]}");

        Assert.True(reading.IsUsable);
        Assert.Equal(2, reading.Sessions.Count);
        Assert.Equal("access.log:3: warning: is not JSON, or was cut off", Assert.Single(reading.Diagnostics).ToString());
        Assert.Equal(2, Read($"{Json}\n{Tcp}\n{Tcp[..60]}").Sessions.Count);
    }

    [Fact]
    public void A_compressed_log_that_is_cut_has_what_came_before()
    {
        // Lines that do not repeat each other, so that what is left of the file still has many of them.
        var dice = new L4Lb.Lab.Workload.Dice(1, L4Lb.Lab.Workload.Purpose.Clients);
        var whole = Compress(string.Concat(Enumerable.Range(0, 5000).Select(_ => Json.Replace("\"id\":7", $"\"id\":{dice.Next() >> 2}") + "\n")));
        var reading = AccessLogReader.Read("a.gz", new MemoryStream(whole, 0, whole.Length / 2));

        Assert.True(reading.IsUsable);
        Assert.InRange(reading.Sessions.Count, 100, 4999);
        Assert.NotEmpty(reading.Diagnostics);
    }

    [Theory]
    [InlineData("{}", "time is missing")]
    [InlineData("hello", "is no line of an access log, or was cut off")]
    [InlineData("[1]", "is no line of an access log, or was cut off")]
    [InlineData("{\"time\":\"soon\"}", "time is no date and time")]
    public void Any_other_line_is_an_error_with_its_number(string line, string problem)
    {
        var reading = Read($"{Json}\n{line}\n{Json}\n");

        Assert.False(reading.IsUsable);
        Assert.Equal($"access.log:2: {problem}", Assert.Single(reading.Diagnostics).ToString());
    }

    [Theory]
    [InlineData("\"client\":\"192.0.2.7:40000\"", "\"client\":\"me\"", "client is no address and port")]
    [InlineData("\"total_ms\":350.25", "\"total_ms\":-1", "total_ms is no number of milliseconds")]
    [InlineData("\"total_ms\":350.25", "\"total_ms\":1e300", "total_ms is no number of milliseconds")]
    [InlineData("\"attempts\":2", "\"attempts\":2.5", "attempts is no whole number")]
    public void Fields_that_are_wrong_are_named(string field, string wrong, string problem) =>
        Assert.Equal($"access.log:1: {problem}", Read($"{Json.Replace(field, wrong, StringComparison.Ordinal)}\n{Json}").Diagnostics[0].ToString());

    [Fact]
    public void A_file_of_something_else_is_given_up_soon()
    {
        Assert.Equal(10, Read(string.Concat(Enumerable.Repeat("nothing\n", 1000))).Diagnostics.Count);
        Assert.Equal("access.log: has no line", Assert.Single(Read("").Diagnostics).ToString());
        Assert.False(Read("x").IsUsable);
        Assert.Contains("too long", Read(new string('x', 1 << 17)).Diagnostics[0].Message);
    }

    internal static LogReading Read(string text) => AccessLogReader.Read("access.log", new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static byte[] Compress(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
