using L4Lb.Engine;
using L4Lb.Host.Logging;

namespace L4Lb.Host.State;

/// <summary>
/// Keeps affinity tables in <c>affinity.bin</c> of the state folder, so that clients keep their backends over a restart.
/// The file is replaced as a whole or not at all; one that makes no sense is said to and passed over. Not thread-safe but
/// for its own loop: <see cref="Start"/> comes after <see cref="Restore"/>.
/// </summary>
internal sealed class AffinityKeeper : IAsyncDisposable
{
    /// <summary>Least time between two writes while the tables are in use, and so the most that a killed process loses.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>How often it is looked whether they are: the first use after a quiet time is written this soon.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Most entries written, 42 bytes each; 44 MB are written in well under a second.</summary>
    private const int MaxEntries = 1 << 20;

    /// <summary>Longest file read: entries, and names of as many tables as anybody has.</summary>
    private const long MaxBytes = 128L << 20;

    // Immutable.
    private readonly IAffinityTables _tables;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _oneWriter = new(1, 1);
    private Task _loop = Task.CompletedTask;

    // Under _oneWriter.
    private long _savedLookups;
    private long? _savedAt;
    private bool _isFailing;

    public AffinityKeeper(string folder, IAffinityTables tables, TimeProvider time, ILogger logger)
    {
        (_tables, _time, _logger) = (tables, time, logger);
        _path = Path.Combine(folder, "affinity.bin");
    }

    /// <summary>
    /// Hands the tables that an earlier run left to the engine, each entry older by the time that nothing ran. Returns how
    /// many entries there were.
    /// </summary>
    public int Restore()
    {
        if (Read() is not var (savedAt, tables))
        {
            return 0;
        }

        // A clock that was set back makes nobody younger.
        var away = Math.Max(0, (long)(_time.GetUtcNow() - savedAt).TotalMilliseconds);
        _tables.Restore([.. tables.Select(table => table with { Entries = [.. table.Entries.Select(entry => Aged(entry, away))] })]);
        return tables.Sum(static table => table.Entries.Count);
    }

    /// <summary>Says what became of them, once they are in force.</summary>
    /// <param name="read">How many entries the file had.</param>
    /// <param name="restored">How many of them hold.</param>
    public void Report(int read, int restored)
    {
        if (read > 0)
        {
            HostLog.AffinityRestored(_logger, restored, read, _path);
        }
    }

    /// <summary>Saves from now on when the tables were used.</summary>
    public void Start() => _loop = RunAsync();

    /// <summary>Saves now, if the tables were used since the last time.</summary>
    public async Task SaveAsync()
    {
        await _oneWriter.WaitAsync();
        try
        {
            Save();
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>Ends the loop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        _ending.Dispose();
        _oneWriter.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                if (_savedAt is not { } last || _time.GetElapsedTime(last) >= Period)
                {
                    await SaveAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Save()
    {
        var lookups = _tables.Lookups;
        if (lookups == _savedLookups)
        {
            return;
        }

        // Also after a failure: a disk that is full is not asked every second.
        _savedAt = _time.GetTimestamp();
        try
        {
            Write();
            _savedLookups = lookups;
            if (_isFailing)
            {
                HostLog.AffinityRecovered(_logger, _path);
            }

            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
            {
                HostLog.AffinityNotKept(_logger, _path, e.Message);
            }

            _isFailing = true;
        }
    }

    private void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            // It says who talks to whom, so it is for this user alone.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var next = _path + ".next";
        using (var file = new FileStream(next, options))
        {
            AffinityFile.Write(file, _time.GetUtcNow(), _tables.Export(MaxEntries));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, _path, overwrite: true);
    }

    private (DateTimeOffset SavedAt, IReadOnlyList<AffinityTableState> Tables)? Read()
    {
        try
        {
            using var file = File.OpenRead(_path);
            if (file.Length > MaxBytes)
            {
                throw new FormatException($"it has {file.Length} bytes, more than any that was written here");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return AffinityFile.Read(bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first run.
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            HostLog.AffinityIgnored(_logger, _path, e.Message);
        }

        return null;
    }

    private static AffinityEntryState Aged(AffinityEntryState entry, long byMs) =>
        entry with { IdleMs = entry.IdleMs > long.MaxValue - byMs ? long.MaxValue : entry.IdleMs + byMs };
}
