using System.Buffers;
using System.Threading.Channels;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Logging;

/// <summary>
/// A line per closed session or flow. Shards put records into a bounded queue and never wait: what does not fit is
/// dropped and counted. One writer takes them out in batches.
/// </summary>
internal sealed class AccessLog : ISessionLog, IAsyncDisposable
{
    /// <summary>Records that may wait, some 16 MiB: half a second of the highest session rate seen.</summary>
    internal const int QueueCapacity = 65536;

    /// <summary>Written out at this size although there is more to format.</summary>
    private const int BatchBytes = 64 * 1024;

    /// <summary>
    /// Pause between batches: bounds both a line's delay and how often a shard pays for waking the writer.
    /// </summary>
    private static readonly TimeSpan s_batchInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(1);

    // Immutable.
    private readonly Channel<SessionRecord> _queue;
    private readonly AccessLogFile _file;
    private readonly IAccessLines _lines;
    private readonly AccessLogSample _sample;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _writing;

    // Writer only.
    private readonly ArrayBufferWriter<byte> _batch = new(BatchBytes * 2);
    private long _reportedDrops;
    private long _lastReport;

    // Any thread (Interlocked).
    private long _dropped;

    /// <summary>Starts to write to <paramref name="file"/>, which it owns from now on.</summary>
    public AccessLog(
        AccessLogFile file, AccessLogFormat format, AccessLogSample sample, TimeProvider time, ILogger logger, int capacity = QueueCapacity)
    {
        _queue = Channel.CreateBounded<SessionRecord>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _file = file;
        _time = time;
        _logger = logger;
        _lines = format == AccessLogFormat.TcpLog ? new TcpLogLines() : new JsonAccessLines();
        _sample = sample;
        _lastReport = time.GetTimestamp() - (long)(s_reportInterval.TotalSeconds * time.TimestampFrequency);
        _writing = WriteAsync();
    }

    /// <summary>Records that did not fit into the queue, ever.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public void Closed(in SessionRecord session)
    {
        if (_sample.WeightOf(in session) > 0 && !_queue.Writer.TryWrite(session))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Opens the file again, after something moved it away.</summary>
    public void Reopen() => _file.Reopen();

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync();
        await _writing;
        (_lines as IDisposable)?.Dispose();
        _file.Dispose();
        _closing.Dispose();
    }

    private async Task WriteAsync()
    {
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Drain();
            ReportDrops(isLast: false);
            await Task.Delay(s_batchInterval, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ReportDrops(isLast: true);
    }

    private void Drain()
    {
        while (_queue.Reader.TryRead(out var session))
        {
            _lines.Write(_batch, in session, _sample.WeightOf(in session));
            if (_batch.WrittenCount >= BatchBytes)
            {
                WriteOut();
            }
        }

        WriteOut();
    }

    private void WriteOut()
    {
        _file.Write(_batch.WrittenSpan);
        _batch.ResetWrittenCount();
    }

    private void ReportDrops(bool isLast)
    {
        var dropped = Dropped;
        if (dropped == _reportedDrops || (!isLast && _time.GetElapsedTime(_lastReport) < s_reportInterval))
        {
            return;
        }

        HostLog.AccessLogDropped(_logger, dropped - _reportedDrops);
        _reportedDrops = dropped;
        _lastReport = _time.GetTimestamp();
    }
}
