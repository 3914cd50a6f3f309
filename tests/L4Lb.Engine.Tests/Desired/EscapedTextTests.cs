using System.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Desired;

public sealed class EscapedTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("ping", "70696E67")]
    [InlineData(@"a\r\n\t\0\\b", "610D0A09005C62")]
    [InlineData(@"\x00\xff\xAb", "00FFAB")]
    [InlineData("é☃", "C3A9E29883")]
    [InlineData("😀", "F09F9880")]
    public void Escapes_stand_for_bytes_and_the_rest_for_its_UTF_8(string text, string hex)
    {
        Assert.True(EscapedText.TryDecode(text, out var bytes, out _));
        Assert.Equal(hex, Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(@"\")]
    [InlineData(@"a\q")]
    [InlineData(@"\x")]
    [InlineData(@"\x1")]
    [InlineData(@"\xg0")]
    public void What_is_no_escape_is_said(string text)
    {
        Assert.False(EscapedText.TryDecode(text, out var bytes, out var problem));
        Assert.Empty(bytes);
        Assert.Contains("is no escape", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_validator_names_the_field()
    {
        var health = new HealthSpec
        {
            Probe = new ProbeSpec { Kind = ProbeKind.Udp, Send = @"\q", Expect = new StringBuilder().Append('x', 65508).ToString() },
            Agent = new AgentSpec { Port = 1, Send = @"\" },
        };

        var problems = HealthValidator.Problems(health).Select(problem => problem.Field);

        Assert.Equal(["health.probe.send", "health.probe.expect", "health.agent.send"], problems);
    }
}
