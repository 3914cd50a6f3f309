namespace L4Lb.Dns.Serving;

/// <summary>What happened so far. Thread-safe; each is read by itself.</summary>
public sealed class DnsCounters
{
    private long _datagrams;
    private long _streams;
    private long _limited;
    private long _passedOn;
    private long _failed;

    /// <summary>Questions by UDP.</summary>
    public long ByDatagram => Interlocked.Read(ref _datagrams);

    /// <summary>Questions by TCP.</summary>
    public long ByStream => Interlocked.Read(ref _streams);

    /// <summary>Of those by UDP, the ones that were sent to TCP because their sender asked too much.</summary>
    public long Limited => Interlocked.Read(ref _limited);

    /// <summary>Questions for which others were asked.</summary>
    public long PassedOn => Interlocked.Read(ref _passedOn);

    /// <summary>Of these, the ones to which nobody answered.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    internal void CountDatagram() => Interlocked.Increment(ref _datagrams);

    internal void CountStream() => Interlocked.Increment(ref _streams);

    internal void CountLimited() => Interlocked.Increment(ref _limited);

    internal void CountPassedOn() => Interlocked.Increment(ref _passedOn);

    internal void CountFailed() => Interlocked.Increment(ref _failed);
}
