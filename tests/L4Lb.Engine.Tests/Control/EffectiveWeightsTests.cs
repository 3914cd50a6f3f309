using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;

namespace L4Lb.Engine.Tests.Control;

public sealed class EffectiveWeightsTests
{
    /// <summary>
    /// Backends: weight, then U up, ? unchecked, D down, E ejected, M maintenance, then d drained by its agent, o by an
    /// operator, %N a share, =N a weight set by an operator.
    /// </summary>
    [Theory]
    [InlineData(WhenAllDown.Panic, "1U 1U", "1 1", "1 1", "1 1")]
    [InlineData(WhenAllDown.Panic, "3? 1U", "3 1", "3 1", "1 1")]
    [InlineData(WhenAllDown.Panic, "3U 1D", "3 0", "3 1", "1 0")]
    [InlineData(WhenAllDown.Panic, "3U 1E 2M", "3 0 0", "3 1 2", "1 0 0")]
    [InlineData(WhenAllDown.Panic, "3D 1E 2M", "3 1 2", "3 1 2", "1 1 1")]
    [InlineData(WhenAllDown.Refuse, "3D 1E 2M", "0 0 0", "3 1 2", "0 0 0")]
    [InlineData(WhenAllDown.Refuse, "3D 1U", "0 1", "3 1", "0 1")]
    [InlineData(WhenAllDown.Panic, "0U 1D", "0 1", "0 1", "1 1")]
    [InlineData(WhenAllDown.Panic, "2Ud 1D", "0 1", "2 1", "0 1")]
    [InlineData(WhenAllDown.Panic, "2Uo 1D", "0 1", "2 1", "0 1")]
    [InlineData(WhenAllDown.Panic, "2Ud 1Uo", "0 0", "2 1", "0 0")]
    [InlineData(WhenAllDown.Panic, "2Do 1D", "0 1", "2 1", "0 1")]
    [InlineData(WhenAllDown.Panic, "2U=5 1U", "5 1", "5 1", "1 1")]
    [InlineData(WhenAllDown.Panic, "2U=0 1U", "0 1", "0 1", "1 1")]
    [InlineData(WhenAllDown.Panic, "1U%10 1U", "10 100", "1 1", "0.1 1")]
    [InlineData(WhenAllDown.Panic, "4U%75 1D", "300 0", "4 1", "0.75 0")]
    [InlineData(WhenAllDown.Panic, "4U%0 1U", "0 1", "4 1", "0 1")]
    [InlineData(WhenAllDown.Panic, "1U%200 1U", "200 100", "1 1", "2 1")]
    [InlineData(WhenAllDown.Panic, "1D%10 1D", "1 1", "1 1", "1 1")]
    [InlineData(WhenAllDown.Panic, "65535U%50 1U", "32768 1", "65535 1", "0.5 1")]
    [InlineData(WhenAllDown.Panic, "1U%10 65535U", "1 65535", "1 65535", "0.1 1")]
    [InlineData(WhenAllDown.Panic, "1000U%10 1U%1", "6500 1", "1000 1", "0.1 0.01")]
    public void Weights_are_what_was_asked_or_set_times_what_health_allows(
        WhenAllDown whenAllDown, string backends, string now, string full, string factors)
    {
        var parsed = backends.Split(' ').Select(Parse).ToArray();

        var weights = EffectiveWeights.Of([.. parsed.Select(b => b.Spec)], [.. parsed.Select(b => b.Identity)], whenAllDown);

        Assert.Equal(
            (now, full, factors), (string.Join(' ', weights.Now), string.Join(' ', weights.Full), string.Join(' ', weights.Factors)));
    }

    [Fact]
    public void Of_nobody_there_are_none() => Assert.Empty(EffectiveWeights.Of([], [], WhenAllDown.Panic).Now);

    private static (BackendSpec Spec, Backend Identity) Parse(string text)
    {
        var state = text.IndexOfAny(['U', '?', 'D', 'E', 'M']);
        var rest = text[(state + 1)..];
        var spec = new BackendSpec { Address = new IPEndPoint(IPAddress.Loopback, 80), Weight = int.Parse(text[..state]) };
        var health = text[state] switch
        {
            'U' => HealthState.Up,
            'D' => HealthState.Down,
            'E' => HealthState.Ejected,
            'M' => HealthState.Maintenance,
            _ => HealthState.Unchecked,
        };
        var identity = new Backend(AddressKey.From(spec.Address))
        {
            Health = new HealthVerdict(health, null, default)
            {
                Drains = rest == "d",
                WeightFactor = rest.StartsWith('%') ? int.Parse(rest[1..]) / 100.0 : 1,
            },
            Override = new OperatorOverride(rest == "o", rest.StartsWith('=') ? int.Parse(rest[1..]) : null),
        };
        return (spec, identity);
    }
}
