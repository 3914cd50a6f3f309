namespace L4Lb.Engine.Scheduling;

/// <summary>
/// <c>ewma</c>: the least of (estimated time to an answer) × (active sessions + 1) / weight, among two drawn by chance.
/// The estimate is peak-sensitive (<see cref="PeakEstimate"/>): a backend that gets slow is left alone within one
/// answer, and tried again as the memory of it fades. Finagle's load balancer; also Linkerd's and Rust's tower.
/// </summary>
/// <remarks>
/// It samples connect and first byte by default, and takes the sum: how long a client waits until it is answered. The
/// connect exists in every protocol and shows distance, a full accept queue, or nobody there; but a kernel completes it
/// for a program that hangs, which only the first byte shows.
/// </remarks>
internal sealed class PeakEwmaScheduler : IScheduler
{
    /// <summary>Its entry in the catalog.</summary>
    internal static readonly SchedulerDefinition Definition = new(
        "ewma", "the backend that answers fastest for its sessions and weight", SchedulerTraits.ByLoad,
        static (candidates, memory, parameters) => new PeakEwmaScheduler(candidates, memory, parameters))
    {
        Parameters =
        [
            SchedulerParameterDefinition.Duration("decay", "time in which what was learned falls to 1/e", "10s"),
            SchedulerParameterDefinition.Choice(
                SampleParameter.Name, "what is measured: the connect, the first byte after a request, or their sum",
                SampleParameter.Both, SampleParameter.Connect, SampleParameter.FirstByte, SampleParameter.Both),
            SchedulerParameterDefinition.Duration("default", "what is assumed of a backend before it was measured", "30ms"),
            IChooser.Choices,
        ],
    };

    // Immutable.
    private readonly BackendLoad[] _loads;
    private readonly float _decayMs;
    private readonly IChooser _chooser;

    public PeakEwmaScheduler(Candidate[] candidates, SchedulerMemory memory, SchedulerParameters parameters)
    {
        _loads = Array.ConvertAll(candidates, static candidate => candidate.Load);
        _decayMs = parameters.DurationMs("decay");
        Samples = SampleParameter.Read(parameters);
        _chooser = IChooser.Create(
            candidates, memory, parameters, new Cost(Samples, _decayMs, parameters.DurationMs("default") * 1000));
    }

    public string Name => "ewma";

    public SchedulerSamples Samples { get; }

    public int Next(in FlowKey flow, in TriedSet tried, long nowMs) => _chooser.Next(in tried, nowMs);

    public void Observe(int index, SchedulerSamples sample, long value, long nowMs)
    {
        if (sample == SchedulerSamples.ConnectTime)
        {
            _loads[index].PeakConnectTime.Observe(value, nowMs, _decayMs);
        }
        else if (sample == SchedulerSamples.FirstByteTime)
        {
            _loads[index].PeakFirstByteTime.Observe(value, nowMs, _decayMs);
        }
    }

    private readonly struct Cost(SchedulerSamples samples, float decayMs, float defaultMicros) : ISessionCost
    {
        private readonly bool _connect = (samples & SchedulerSamples.ConnectTime) != 0;
        private readonly bool _firstByte = (samples & SchedulerSamples.FirstByteTime) != 0;

        // Half of what is assumed for each of two.
        private readonly float _initial = samples is SchedulerSamples.ConnectTime or SchedulerSamples.FirstByteTime
            ? defaultMicros
            : defaultMicros / 2;

        public double At(BackendLoad load, int weight, long nowMs)
        {
            var micros = 0f;
            if (_connect)
            {
                micros += load.PeakConnectTime.At(nowMs, decayMs, _initial);
            }

            if (_firstByte)
            {
                micros += load.PeakFirstByteTime.At(nowMs, decayMs, _initial);
            }

            // At least a microsecond: sessions must count even when every estimate has faded.
            return (double)Math.Max(micros, 1) * (load.Active + 1L) / weight;
        }
    }
}
