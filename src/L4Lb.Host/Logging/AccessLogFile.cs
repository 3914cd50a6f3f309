namespace L4Lb.Host.Logging;

/// <summary>
/// The file of the access log, or standard output. Writing never throws: a full disk costs lines, not the service.
/// Thread-safe, because it is opened again from a signal.
/// </summary>
internal sealed class AccessLogFile : IDisposable
{
    /// <summary>The path that means standard output.</summary>
    public const string StandardOutput = "-";

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly Func<Stream> _open;
    private readonly ILogger _logger;
    private Stream? _stream;
    private long _lost;

    /// <summary>Opens <paramref name="path"/> for appending.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public AccessLogFile(string path, ILogger logger)
        : this(path, () => Open(path), logger)
    {
    }

    /// <summary>Writes to whatever <paramref name="open"/> returns.</summary>
    internal AccessLogFile(string path, Func<Stream> open, ILogger logger)
    {
        _path = path;
        _open = open;
        _logger = logger;
        _stream = open();
    }

    /// <summary>Writes whole lines; counts them as lost when they cannot be written.</summary>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            try
            {
                _stream ??= _open();
                if (_stream.CanSeek)
                {
                    // The framework remembers where it wrote last, and would leave a hole where logrotate's copytruncate cut.
                    _stream.Seek(0, SeekOrigin.End);
                }

                _stream.Write(lines);
                _stream.Flush();
                Recovered();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Lost(lines.Length, e);
            }
        }
    }

    /// <summary>Closes the file and opens its path again, for log rotation.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            try
            {
                _stream?.Dispose();
                _stream = null;
                _stream = _open();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Lost(0, e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _stream?.Dispose();
            _stream = null;
        }
    }

    private static Stream Open(string path) => path == StandardOutput
        ? Console.OpenStandardOutput()
        : new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0, // Batches come whole.
        });

    private void Lost(int bytes, Exception reason)
    {
        if (_lost == 0)
        {
            HostLog.AccessLogFailed(_logger, _path, reason.Message);
        }

        _lost += Math.Max(bytes, 1); // Also a failed reopen is said once.
    }

    private void Recovered()
    {
        if (_lost > 0)
        {
            HostLog.AccessLogRecovered(_logger, _path, _lost);
            _lost = 0;
        }
    }
}
