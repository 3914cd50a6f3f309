using L4Lb.Host.Cli.Values;

namespace L4Lb.Host.Tests.Cli;

public class ValueTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m", 60_000)]
    [InlineData("1h30m", 5_400_000)]
    public void Durations(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), DurationText.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1s1h")]
    [InlineData("s")]
    [InlineData("99999999999999h")]
    public void No_durations(string text) => Assert.Throws<FormatException>(() => DurationText.Read(text));

    [Theory]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]:80")]
    [InlineData("0.0.0.0:65535")]
    public void End_points(string text) => Assert.Equal(text, EndPointText.Read(text).ToString());

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    [InlineData("127.0.0.1:80")]
    public void End_points_of_one_socket_may_be_on_any_port(string text) => Assert.Equal(text, EndPointText.ReadListening(text).ToString());

    [Theory]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1")]
    public void No_end_points_of_one_socket(string text) => Assert.Throws<FormatException>(() => EndPointText.ReadListening(text));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("127.1:80")]
    [InlineData("80")]
    [InlineData(":80")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("localhost:80")]
    public void No_end_points(string text) => Assert.Throws<FormatException>(() => EndPointText.Read(text));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:0")]
    [InlineData("192.0.2.1:5", "192.0.2.1:5")]
    [InlineData("2001:db8::1", "[2001:db8::1]:0")]
    [InlineData("[2001:db8::1]:5", "[2001:db8::1]:5")]
    public void Clients(string text, string expected) => Assert.Equal(expected, ClientText.Read(text).ToString());
}
