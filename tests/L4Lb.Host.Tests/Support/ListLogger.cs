using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Support;

/// <summary>Keeps what is logged, by itself or for a factory.</summary>
internal sealed class ListLogger : ILogger, ILoggerProvider
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> _entries = new();

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Entries => [.. _entries];

    public IReadOnlyList<string> TextsOf(int id) => [.. Entries.Where(e => e.Id == id).Select(e => e.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // What was logged is still to be read.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
}
