using L4Lb.Host.Logging;

namespace L4Lb.Host.Running;

/// <summary>
/// Notices when files change: at once where the system notifies, and by looking every few seconds where it does not
/// (network file systems, links into other folders, lost notifications).
/// </summary>
internal sealed class ManifestWatcher : IDisposable
{
    /// <summary>An editor's save is a handful of events within some milliseconds.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    // Immutable.
    private readonly IReadOnlyList<string> _paths;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Debouncer _debouncer;
    private readonly ITimer _poll;
    private readonly Action _changed;

    // Under the lock.
    private readonly Lock _lock = new();
    private string _fingerprint;

    /// <summary>Starts to watch <paramref name="paths"/>; standard input among them is passed over.</summary>
    public ManifestWatcher(IEnumerable<string> paths, TimeProvider time, ILogger logger, Action changed)
    {
        _paths = [.. paths.Where(p => p != "-").Select(Path.GetFullPath)];
        _changed = changed;
        _fingerprint = PathFingerprint.Of(_paths);
        _debouncer = new Debouncer(time, Quiet, Patience, CallIfChanged);
        foreach (var path in _paths)
        {
            TryWatch(path, logger);
        }

        _poll = time.CreateTimer(_ => CallIfChanged(), null, PollInterval, PollInterval);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchers.ForEach(w => w.Dispose());
        _poll.Dispose();
        _debouncer.Dispose();
    }

    private void TryWatch(string path, ILogger logger)
    {
        try
        {
            // Of a file its folder is watched: an editor that replaces the file would leave a watch on the old one.
            var isFolder = Directory.Exists(path);
            var watcher = new FileSystemWatcher(isFolder ? path : Path.GetDirectoryName(path)!)
            {
                IncludeSubdirectories = isFolder,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => _debouncer.Signal();
            watcher.Created += (_, _) => _debouncer.Signal();
            watcher.Deleted += (_, _) => _debouncer.Signal();
            watcher.Renamed += (_, _) => _debouncer.Signal();
            watcher.Error += (_, _) => _debouncer.Signal(); // Lost events: look.
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            HostLog.WatchDegraded(logger, path, PollInterval, e.Message);
        }
    }

    /// <summary>Events also come for neighbours of a watched file; the fingerprint tells those apart.</summary>
    private void CallIfChanged()
    {
        lock (_lock)
        {
            var now = PathFingerprint.Of(_paths);
            if (now == _fingerprint)
            {
                return;
            }

            _fingerprint = now;
        }

        _changed();
    }
}
