namespace L4Lb.Engine;

/// <summary>What is known of a backend's health.</summary>
public enum HealthState
{
    /// <summary>Nobody looks, or nobody has found out yet: it counts as healthy.</summary>
    Unchecked,

    /// <summary>Its checks succeed.</summary>
    Up,

    /// <summary>Its checks fail.</summary>
    Down,

    /// <summary>Sessions could not use it, so it is left alone for a while.</summary>
    Ejected,

    /// <summary>Its agent took it out of service.</summary>
    Maintenance,
}
