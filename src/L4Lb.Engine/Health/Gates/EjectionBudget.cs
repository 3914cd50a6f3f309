namespace L4Lb.Engine.Health.Gates;

/// <summary>Whether one backend more may be ejected: one always, others while the share stays within its bound. Pure.</summary>
internal static class EjectionBudget
{
    /// <param name="ejected">Backends ejected now.</param>
    /// <param name="all">Backends of the service.</param>
    /// <param name="mostPercent">Most ejected at once, in percent.</param>
    internal static bool Allows(int ejected, int all, int mostPercent) =>
        ejected == 0 || (ejected + 1) * 100L <= (long)all * mostPercent;
}
