namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>least-time</c>: the least of (class of the average time) × (active sessions + 1) / weight over everybody, as
/// nginx's least_time; those who tie take turns in proportion to weight. A pick reads every load: O(n).
/// </summary>
/// <remarks>
/// Times count in classes of 20 ms, so that backends that are about as fast share by sessions and weight and only real
/// differences matter. A slow one that was not measured for a while counts as half as slow after each such while,
/// which gives it a chance to show that it has recovered. nginx also averages the time that sessions now under way have
/// waited; here the sessions themselves, which pile up at a backend that hangs, stand for that.
/// </remarks>
internal sealed class LeastTimeScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "least-time", "the backend of the least average time for its sessions and weight", SchedulerTraits.ByLoad,
        static (candidates, memory, parameters) => new LeastTimeScheduler(candidates, memory, parameters))
    {
        Parameters =
        [
            SchedulerParameterDefinition.Choice(
                SampleParameter.Name, "what is measured: the connect, or the first byte after a request",
                SampleParameter.FirstByte, SampleParameter.Connect, SampleParameter.FirstByte),
            SchedulerParameterDefinition.Duration("idle", "time without a sample after which a backend gets another chance", "10s"),
        ],
    };

    // Immutable.
    private readonly BackendLoad[] _loads;
    private readonly LeastOfAll<Cost> _chooser;

    public LeastTimeScheduler(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters)
    {
        _loads = Array.ConvertAll(candidates, static candidate => candidate.Load);
        Samples = SampleParameter.Read(parameters);
        _chooser = new LeastOfAll<Cost>(candidates, memory, new Cost(Samples, parameters.DurationMs("idle")));
    }

    public string Name => "least-time";

    public SchedulerSamples Samples { get; }

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => _chooser.Next(in tried, nowMs);

    public void Observe(int index, SchedulerSamples sample, long value, long nowMs)
    {
        if (sample == SchedulerSamples.ConnectTime)
        {
            _loads[index].AverageConnectTime.Observe(value, nowMs);
        }
        else if (sample == SchedulerSamples.FirstByteTime)
        {
            _loads[index].AverageFirstByteTime.Observe(value, nowMs);
        }
    }

    /// <summary>
    /// The time that stands for an average: the next multiple of 20 ms above it, at most 5 s, halved for each
    /// <paramref name="idleMostMs"/> without a sample.
    /// </summary>
    internal static int ClassMs(float micros, int idleMs, long idleMostMs)
    {
        const int StepMs = 20, MostMs = 5000;

        // A division is what costs most here, and hardly anybody was idle for that long.
        var halvings = idleMs <= idleMostMs ? 0 : (int)Math.Min(idleMs / (idleMostMs + 1), 31);
        var ms = (int)Math.Min(micros / 1000, int.MaxValue / 2) >> halvings;
        return ms > MostMs ? MostMs : ms + StepMs - (ms % StepMs);
    }

    private readonly struct Cost(SchedulerSamples sample, long idleMs) : ISessionCost
    {
        public double At(BackendLoad load, int weight, long nowMs)
        {
            var (micros, silentMs) = sample == SchedulerSamples.ConnectTime
                ? load.AverageConnectTime.At(nowMs)
                : load.AverageFirstByteTime.At(nowMs);
            return (double)ClassMs(micros, silentMs, idleMs) * (load.Active + 1L) / weight;
        }
    }
}
