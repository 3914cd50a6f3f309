namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>least-bandwidth</c>: the backend with the fewest bytes per second for its weight, both ways together
/// (<see cref="ByteRate"/>), among two drawn by chance: a session is chosen for before its bytes flow, and whoever
/// compares everybody sends all that come in the meantime to the same place.
/// </summary>
internal sealed class LeastBandwidthScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "least-bandwidth", "the backend with the fewest bytes per second for its weight", SchedulerTraits.ByLoad,
        static (candidates, memory, parameters) => new LeastBandwidthScheduler(candidates, memory, parameters))
    {
        Parameters =
        [
            SchedulerParameterDefinition.Duration("window", "time in which past bytes fall to 1/e", "10s"),
            IChooser.Choices,
        ],
    };

    // Immutable.
    private readonly BackendLoad[] _loads;
    private readonly float _windowMs;
    private readonly IChooser _chooser;

    public LeastBandwidthScheduler(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters)
    {
        _loads = Array.ConvertAll(candidates, static candidate => candidate.Load);
        _windowMs = parameters.DurationMs("window");
        _chooser = IChooser.Create(candidates, memory, parameters, new Cost(_windowMs));
    }

    public string Name => "least-bandwidth";

    public SchedulerSamples Samples => SchedulerSamples.Bytes;

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => _chooser.Next(in tried, nowMs);

    public void Observe(int index, SchedulerSamples sample, long value, long nowMs)
    {
        if (sample == SchedulerSamples.Bytes)
        {
            _loads[index].ByteRate.Add(value, nowMs, _windowMs);
        }
    }

    private readonly struct Cost(float windowMs) : ISessionCost
    {
        public double At(BackendLoad load, int weight, long nowMs) => (double)load.ByteRate.At(nowMs, windowMs) / weight;
    }
}
