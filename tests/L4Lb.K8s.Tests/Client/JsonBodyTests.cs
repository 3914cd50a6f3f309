using System.Text;
using L4Lb.K8s.Client;

namespace L4Lb.K8s.Tests.Client;

public sealed class JsonBodyTests
{
    [Fact]
    public void A_body_is_one_object()
    {
        var body = JsonBody.Object(static w => w.WriteString("a", "b\"c"));
        Assert.Equal("""{"a":"b\u0022c"}""", Encoding.UTF8.GetString(body.Span));
    }

    [Theory]
    [InlineData(0, "2026-01-02T03:04:05.000000Z")]
    [InlineData(1, "2026-01-02T03:04:05.000001Z")]
    [InlineData(120_000, "2026-01-02T03:04:05.120000Z")]
    public void A_micro_time_has_six_digits_whatever_they_are(int microseconds, string text)
    {
        // Of another time zone, and finer than what can be said.
        var time = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)).AddMicroseconds(microseconds).AddTicks(9);
        Assert.Equal(text, JsonBody.MicroTime(time));
        Assert.Equal("2026-01-02T03:04:05Z", JsonBody.Time(time));
    }
}
