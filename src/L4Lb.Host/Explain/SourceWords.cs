using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Explain;

/// <summary>Whether a client is let in by the ranges of a listen, and why.</summary>
/// <param name="IsAllowed">Whether it is.</param>
/// <param name="Words">Why.</param>
internal sealed record SourceWords(bool IsAllowed, string Words)
{
    /// <summary>What the ranges of <paramref name="listen"/> say to <paramref name="client"/>.</summary>
    public static SourceWords Of(ListenSpec listen, IPAddress client)
    {
        if (RangeOf(listen.DeniedRanges, client) is { } denied)
        {
            return new(false, $"{client} is denied by {denied}");
        }

        if (listen.SourceRanges.Count == 0)
        {
            return new(true, listen.DeniedRanges.Count == 0
                ? "everyone is let in"
                : $"everyone is let in but {string.Join(", ", (IEnumerable<IPNetwork>)listen.DeniedRanges)}");
        }

        return RangeOf(listen.SourceRanges, client) is { } allowed
            ? new(true, $"{client} is let in by {allowed}")
            : new(false, $"{client} is in none of {string.Join(", ", (IEnumerable<IPNetwork>)listen.SourceRanges)}");
    }

    private static IPNetwork? RangeOf(EquatableArray<IPNetwork> ranges, IPAddress client)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(client))
            {
                return range;
            }
        }

        return null;
    }
}
