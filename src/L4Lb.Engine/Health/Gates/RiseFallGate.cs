namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// Turns checks into a state that does not tremble: down after <paramref name="fall"/> failures in a row, up after
/// <paramref name="rise"/> successes in a row. The first check of a backend of which nothing is known decides at once,
/// as with HAProxy's <c>init-state up</c>: until then it is used, and who begins by failing has nobody's trust to lose.
/// </summary>
/// <param name="rise">Successes in a row until up.</param>
/// <param name="fall">Failures in a row until down.</param>
/// <param name="state">What is known already.</param>
internal sealed class RiseFallGate(int rise, int fall, HealthState state = HealthState.Unchecked)
{
    /// <summary>Up, down, or unchecked before the first check.</summary>
    internal HealthState State { get; private set; } = state;

    /// <summary>Checks in a row that contradict the state.</summary>
    internal int Doubts { get; private set; }

    /// <summary>Takes one check into account. Returns how many in a row made the state change; 0 when it did not.</summary>
    internal int Observe(bool passed)
    {
        var seen = passed ? HealthState.Up : HealthState.Down;
        if (seen == State)
        {
            Doubts = 0;
            return 0;
        }

        var needed = State switch
        {
            HealthState.Up => fall,
            HealthState.Down => rise,
            _ => 1,
        };
        if (++Doubts < needed)
        {
            return 0;
        }

        (State, Doubts) = (seen, 0);
        return needed;
    }
}
