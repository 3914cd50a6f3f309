namespace L4Lb.Engine.Scheduling;

/// <summary>
/// What a new session would cost at a candidate; the least is chosen. Implemented by structs, so that who compares
/// costs is compiled for each of them and no call is left.
/// </summary>
internal interface ISessionCost
{
    /// <summary>The cost, at least 0 and finite; it is only ever compared.</summary>
    /// <param name="load">How busy the candidate is.</param>
    /// <param name="weight">Its share, above 0.</param>
    /// <param name="nowMs">Now.</param>
    double At(BackendLoad load, int weight, long nowMs);
}

/// <summary>All cost the same.</summary>
internal readonly struct EqualCost : ISessionCost
{
    public double At(BackendLoad load, int weight, long nowMs) => 0;
}

/// <summary>Active sessions per weight.</summary>
internal readonly struct SessionsPerWeightCost : ISessionCost
{
    // Quotients of the same value are the same double, so 4/2 ties with 2/1.
    public double At(BackendLoad load, int weight, long nowMs) => (double)load.Active / weight;
}
