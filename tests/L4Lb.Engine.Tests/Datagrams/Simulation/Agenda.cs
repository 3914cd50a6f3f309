namespace L4Lb.Engine.Tests.Datagrams.Simulation;

/// <summary>What is under way in a simulated network, by the millisecond in which it comes about.</summary>
internal sealed class Agenda
{
    /// <summary>Milliseconds that it reaches ahead.</summary>
    internal const int Span = 8192;

    private readonly List<Happening>[] _slots = [.. Enumerable.Range(0, Span).Select(_ => new List<Happening>())];
    private readonly List<Happening> _due = [];

    internal int Count { get; private set; }

    internal void Add(long nowMs, int delayMs, in Happening happening)
    {
        _slots[(nowMs + Math.Clamp(delayMs, 1, Span - 1)) % Span].Add(happening);
        Count++;
    }

    /// <summary>What has come about after <paramref name="fromMs"/>, up to <paramref name="toMs"/>; valid until the next call.</summary>
    internal List<Happening> TakeDue(long fromMs, long toMs)
    {
        _due.Clear();
        for (var ms = fromMs + 1; ms <= Math.Min(toMs, fromMs + Span); ms++)
        {
            var slot = _slots[ms % Span];
            _due.AddRange(slot);
            slot.Clear();
        }

        Count -= _due.Count;
        return _due;
    }
}

/// <summary>Something that comes about.</summary>
/// <param name="Kind">What.</param>
/// <param name="Socket">Where.</param>
/// <param name="Arrival">The client's datagram that it is about.</param>
/// <param name="Count">How many datagrams in one piece.</param>
internal readonly record struct Happening(HappeningKind Kind, TestSocket? Socket, int Arrival, int Count);

internal enum HappeningKind
{
    /// <summary>A backend's answer gets here.</summary>
    Answer,

    /// <summary>A router or the backend's machine tells that nobody is there.</summary>
    Unreachable,

    /// <summary>A client's datagram gets here once more.</summary>
    Duplicate,
}
