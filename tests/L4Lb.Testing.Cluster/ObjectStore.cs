using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace L4Lb.Testing.Cluster;

/// <summary>
/// What etcd is to the real server: all objects, one version that every change of any object raises, and the history since
/// the last compaction. Stored documents are never changed. Any thread may call.
/// </summary>
internal sealed class ObjectStore
{
    // Versions soon get one digit more: a client that compares them as texts gets caught.
    private const long FirstVersion = 995;

    private readonly Lock _lock = new();
    private readonly List<WatchSignal.Change> _history = [];
    private readonly HashSet<ChannelWriter<WatchSignal>> _watches = [];
    private readonly Dictionary<long, ImmutableSortedDictionary<ObjectKey, JsonObject>> _snapshots = [];
    private ImmutableSortedDictionary<ObjectKey, JsonObject> _objects = ImmutableSortedDictionary<ObjectKey, JsonObject>.Empty;
    private long _version = FirstVersion;
    private long _oldest = FirstVersion;

    public ObjectStore() => _snapshots[_version] = _objects;

    public long Version
    {
        get
        {
            lock (_lock)
                return _version;
        }
    }

    public int Watches
    {
        get
        {
            lock (_lock)
                return _watches.Count;
        }
    }

    public JsonObject? Find(ObjectKey key)
    {
        lock (_lock)
            return _objects.GetValueOrDefault(key);
    }

    /// <summary>
    /// Changes one object. <paramref name="update"/> gets the object (null: none) and returns what it becomes (null: none),
    /// or throws an <see cref="ApiError"/>. What changes nothing makes no version.
    /// </summary>
    /// <returns>The object as stored; when it was deleted, its last state with the version of the deletion.</returns>
    public JsonObject Write(ObjectKey key, Func<JsonObject?, JsonObject?> update)
    {
        lock (_lock)
        {
            var before = _objects.GetValueOrDefault(key);
            var after = update(before);
            if (before is not null && after is not null && JsonNode.DeepEquals(before, after.WithVersion(before.Version())))
                return before;

            var stored = (after ?? before ?? throw ApiError.NotFound(key)).WithVersion(++_version);
            Json.Settle(stored);
            _objects = after is null ? _objects.Remove(key) : _objects.SetItem(key, stored);
            _snapshots[_version] = _objects;
            var change = new WatchSignal.Change(_version, key, after is null ? stored : before, after is null ? null : stored);
            _history.Add(change);
            Tell(change);
            return stored;
        }
    }

    /// <summary>The objects as they were at a version, or as they are (null).</summary>
    /// <exception cref="ApiError">The version is compacted away, or has yet to come.</exception>
    public (long Version, ImmutableSortedDictionary<ObjectKey, JsonObject> Objects) At(long? version)
    {
        lock (_lock)
        {
            var wanted = version ?? _version;
            return wanted > _version ? throw ApiError.TooLargeVersion(wanted, _version)
                : wanted < _oldest ? throw ApiError.Expired(wanted, _oldest)
                : (wanted, _snapshots[wanted]);
        }
    }

    /// <summary>
    /// Starts to tell a watch every change after a version; null means that it starts with all objects there are.
    /// </summary>
    /// <exception cref="ApiError">Changes after that version are compacted away.</exception>
    public long Subscribe(long? after, ChannelWriter<WatchSignal> watch)
    {
        lock (_lock)
        {
            if (after < _oldest)
                throw ApiError.Expired(after.Value, _oldest);

            if (after is null)
            {
                foreach (var (key, document) in _objects)
                    watch.TryWrite(new WatchSignal.Change(document.Version(), key, null, document));
            }

            foreach (var change in _history)
            {
                if (change.Version > (after ?? _version))
                    watch.TryWrite(change);
            }

            _watches.Add(watch);
            return after ?? _version;
        }
    }

    public void Unsubscribe(ChannelWriter<WatchSignal> watch)
    {
        lock (_lock)
            _watches.Remove(watch);
    }

    /// <summary>Tells every open watch that everything so far has been told.</summary>
    public void Bookmark()
    {
        lock (_lock)
            Tell(new WatchSignal.Bookmark(_version));
    }

    /// <summary>Tells every open watch something, after all changes so far.</summary>
    public void Tell(WatchSignal signal)
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
                watch.TryWrite(signal);
        }
    }

    /// <summary>Forgets the history: what asks for an older version gets 410. Open watches have it already.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            // A version of its own makes the present one too old for a list that is halfway through.
            _oldest = ++_version;
            _history.Clear();
            _snapshots.Clear();
            _snapshots[_version] = _objects;
        }
    }
}
