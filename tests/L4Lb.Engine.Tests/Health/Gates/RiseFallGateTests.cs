using L4Lb.Engine.Health.Gates;

namespace L4Lb.Engine.Tests.Health.Gates;

public sealed class RiseFallGateTests
{
    /// <summary>Checks: + passed, - failed. States after each: ? unchecked, U up, D down, lower case while in doubt.</summary>
    [Theory]
    [InlineData(2, 3, HealthState.Unchecked, "+", "U")]
    [InlineData(2, 3, HealthState.Unchecked, "-", "D")]
    [InlineData(2, 3, HealthState.Unchecked, "+---", "UuuD")]
    [InlineData(2, 3, HealthState.Unchecked, "+--+---", "UuuUuuD")]
    [InlineData(2, 3, HealthState.Unchecked, "-++", "DdU")]
    [InlineData(2, 3, HealthState.Unchecked, "-+-++", "DdDdU")]
    [InlineData(2, 3, HealthState.Unchecked, "----", "DDDD")]
    [InlineData(1, 1, HealthState.Unchecked, "+-+-", "UDUD")]
    [InlineData(3, 1, HealthState.Unchecked, "+-+++", "UDddU")]
    [InlineData(2, 3, HealthState.Up, "--+---", "uuUuuD")]
    [InlineData(2, 3, HealthState.Down, "+-++", "dDdU")]
    public void States_follow_rows_of_checks(int rise, int fall, HealthState initial, string checks, string expected)
    {
        var gate = new RiseFallGate(rise, fall, initial);

        var states = string.Concat(checks.Select(check =>
        {
            gate.Observe(check == '+');
            var letter = gate.State switch
            {
                HealthState.Up => 'U',
                HealthState.Down => 'D',
                _ => '?',
            };
            return gate.Doubts > 0 ? char.ToLowerInvariant(letter) : letter;
        }));

        Assert.Equal(expected, states);
    }

    [Fact]
    public void A_change_says_how_many_checks_made_it()
    {
        var gate = new RiseFallGate(rise: 2, fall: 3);

        Assert.Equal([1, 0, 0, 3, 0, 2], new[] { true, false, false, false, true, true }.Select(gate.Observe));
    }
}
