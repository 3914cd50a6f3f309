namespace L4Lb.Engine.Relaying;

/// <summary>
/// Decides, from the sizes of its reads, whether a direction carries bulk, for which splice costs about half the CPU
/// of copying, or messages, for which copying is faster. Judges a run of reads at a time, so one odd read changes
/// nothing. A mutable struct inside its direction.
/// </summary>
internal struct BulkDetector
{
    // A run of eight reads is long enough to tell a download from a large response, short enough to matter for it.
    private const int Run = 8;

    // A read of 96 KiB on average means that the queue was never drained: more bytes come than one read takes.
    private const int BulkBytes = Run * 96 * 1024;

    // Below 16 KiB a splice moves too few pages to pay for its second system call (HAProxy's raw_sock has 4 KiB as its
    // floor; the higher one keeps a direction from changing back and forth).
    private const int MessageBytes = Run * 16 * 1024;

    private int _reads;
    private int _bytes;

    /// <summary>The direction carries bulk.</summary>
    internal bool IsBulk { get; private set; }

    /// <summary>Notes one read.</summary>
    internal void Observe(int bytes)
    {
        _bytes += bytes;
        if (++_reads < Run)
        {
            return;
        }

        IsBulk = IsBulk ? _bytes >= MessageBytes : _bytes >= BulkBytes;
        (_reads, _bytes) = (0, 0);
    }

    /// <summary>Goes back to copying, for good reason of the caller's.</summary>
    internal void Reset() => (IsBulk, _reads, _bytes) = (false, 0, 0);
}
