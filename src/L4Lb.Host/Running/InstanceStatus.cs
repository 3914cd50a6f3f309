namespace L4Lb.Host.Running;

/// <summary>How this instance fares, for those who ask. Thread-safe.</summary>
internal sealed class InstanceStatus
{
    private readonly Lock _lock = new();
    private volatile InstanceState _current = new(InstancePhase.Starting, 0, IsConfigurationStale: false);

    /// <summary>The state now, consistent in itself.</summary>
    public InstanceState Current => _current;

    /// <summary>A configuration came into force.</summary>
    public void Applied(long revision) =>
        Change(s => s with { Revision = revision, IsConfigurationStale = false, LoadsApplied = s.LoadsApplied + 1 });

    /// <summary>A configuration was refused; the one in force is older than what is asked.</summary>
    public void Refused() => Change(static s => s with { IsConfigurationStale = true, LoadsRefused = s.LoadsRefused + 1 });

    /// <summary>A configuration could not be loaded, for a reason that nobody foresaw.</summary>
    public void Failed() => Change(static s => s with { IsConfigurationStale = true, LoadsFailed = s.LoadsFailed + 1 });

    /// <summary>The first configuration is in force and listens.</summary>
    public void Serving() => Change(static s => s with { Phase = InstancePhase.Serving });

    /// <summary>The end has begun; there is no way back.</summary>
    public void Draining() => Change(static s => s with { Phase = InstancePhase.Draining });

    private void Change(Func<InstanceState, InstanceState> change)
    {
        lock (_lock)
        {
            _current = change(_current);
        }
    }
}

/// <summary>One moment of <see cref="InstanceStatus"/>.</summary>
/// <param name="Phase">Where in its life the instance is.</param>
/// <param name="Revision">Revision of the configuration in force; 0 when none is.</param>
/// <param name="IsConfigurationStale">Whether a newer configuration was refused.</param>
internal sealed record InstanceState(InstancePhase Phase, long Revision, bool IsConfigurationStale)
{
    /// <summary>Configurations that came into force.</summary>
    public long LoadsApplied { get; init; }

    /// <summary>Configurations that were refused.</summary>
    public long LoadsRefused { get; init; }

    /// <summary>Configurations that could not be loaded for a reason that nobody foresaw.</summary>
    public long LoadsFailed { get; init; }
}

/// <summary>The life of an instance.</summary>
internal enum InstancePhase
{
    /// <summary>Nothing is served yet.</summary>
    Starting,

    /// <summary>The first configuration is in force.</summary>
    Serving,

    /// <summary>Listeners close and sessions finish.</summary>
    Draining,
}
