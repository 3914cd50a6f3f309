using System.Collections.Concurrent;

namespace L4Lb.Host.Journal;

/// <summary>
/// What the log says, kept for those who ask later: the last so many messages of information or more, in memory. It is a
/// logger among others, so that whatever is worth a line is worth an event. Thread-safe.
/// </summary>
internal sealed class EventJournal(TimeProvider time) : ILoggerProvider
{
    /// <summary>Most events that are kept; at some 300 bytes each.</summary>
    public const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<JournalEvent> _events = new(Capacity);
    private readonly ConcurrentDictionary<Action<JournalEvent>, bool> _followers = [];
    private long _last;

    /// <summary>Number of the newest event; 0 when there was none.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Those that fit, oldest first.</summary>
    public IReadOnlyList<JournalEvent> Read(Func<JournalEvent, bool> fits)
    {
        lock (_lock)
        {
            return [.. _events.Where(fits)];
        }
    }

    /// <summary>Calls <paramref name="follower"/> with every event from now on, on whoever's thread it comes; it must not wait.</summary>
    public IDisposable Follow(Action<JournalEvent> follower)
    {
        _followers[follower] = true;
        return new Follower(this, follower);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Writer(this);

    /// <inheritdoc/>
    public void Dispose() => _followers.Clear();

    private void Add(LogLevel level, int code, string message, IReadOnlyDictionary<string, string> about)
    {
        JournalEvent added;
        lock (_lock)
        {
            added = new JournalEvent(++_last, time.GetUtcNow().UtcDateTime, level, code, message, about);
            if (_events.Count == Capacity)
            {
                _events.Dequeue();
            }

            _events.Enqueue(added);
        }

        foreach (var (follower, _) in _followers)
        {
            follower(added);
        }
    }

    private sealed class Follower(EventJournal journal, Action<JournalEvent> follower) : IDisposable
    {
        public void Dispose() => journal._followers.TryRemove(follower, out _);
    }

    private sealed class Writer(EventJournal journal) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // What has no number is the framework's.
            if (!IsEnabled(logLevel) || eventId.Id < JournalEvent.LeastCode)
            {
                return;
            }

            var about = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                if (name != "{OriginalFormat}" && value?.ToString() is { } text)
                {
                    about[name] = text;
                }
            }

            var message = formatter(state, exception);
            journal.Add(logLevel, eventId.Id, exception is null ? message : $"{message}: {exception.Message}", about);
        }
    }
}
