using L4Lb.Engine;

namespace L4Lb.Host.Running;

/// <summary>Tells a start that came to nothing from one that is only incomplete.</summary>
internal static class StartProblem
{
    private const int Shown = 20;

    /// <summary>Throws when there are listeners and every one of them failed.</summary>
    /// <exception cref="StartFailedException">Names the addresses and what would help.</exception>
    public static void ThrowIfNothingListens(IReadOnlyList<ListenerStatus> listeners)
    {
        if (listeners.Count == 0 || listeners.Any(l => l.State != ListenerState.Failed))
        {
            return;
        }

        var lines = listeners.Take(Shown).Select(l => $"{l.Service} on {l.Listen.Address}: {l.Problem}");
        var rest = listeners.Count > Shown ? $"{Environment.NewLine}  and {listeners.Count - Shown} more" : "";
        throw new StartFailedException($"cannot listen anywhere:{string.Concat(lines.Select(l => $"{Environment.NewLine}  {l}"))}{rest}");
    }
}
