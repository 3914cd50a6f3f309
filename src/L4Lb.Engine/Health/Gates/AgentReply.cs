using System.Globalization;

namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// One line of an agent, in HAProxy's grammar (configuration manual, <c>agent-check</c>): words separated by blanks or
/// commas in any order and case, up to a <c>#</c>, after which come words for people. The last word of a kind counts.
/// Pure.
/// </summary>
internal sealed record AgentReply
{
    private static readonly char[] s_separators = [' ', '\t', ',', '\r', '\n'];

    /// <summary><c>up</c>: true; <c>down</c>, <c>fail</c>, <c>stopped</c>: false; null when it does not say.</summary>
    internal bool? IsUp { get; init; }

    /// <summary>The word of <see cref="IsUp"/>, in lower case.</summary>
    internal string? Health { get; init; }

    /// <summary>What is asked of the administrator's state; null when it does not say.</summary>
    internal AgentOrder? Order { get; init; }

    /// <summary><c>75%</c>: share of the weight in percent; null when it does not say.</summary>
    internal int? WeightPercent { get; init; }

    /// <summary><c>maxconn:30</c>: most sessions, 0 for no bound; null when it does not say.</summary>
    internal int? MaxSessions { get; init; }

    /// <summary>What follows the <c>#</c>; null without.</summary>
    internal string? Description { get; init; }

    /// <summary>The first word that is none of these; null without.</summary>
    internal string? Unknown { get; init; }

    /// <summary>It said something that means something.</summary>
    internal bool IsUseful => IsUp is not null || Order is not null || WeightPercent is not null || MaxSessions is not null;

    internal static AgentReply Parse(string line)
    {
        var words = line.Split('#', 2);
        var description = words.Length > 1 ? words[1].Trim() : "";
        var reply = new AgentReply { Description = description.Length > 0 ? description : null };
        foreach (var word in words[0].Split(s_separators, StringSplitOptions.RemoveEmptyEntries))
        {
            reply = reply.With(word.ToLowerInvariant());
        }

        return reply;
    }

    private AgentReply With(string word) => word switch
    {
        "up" => this with { IsUp = true, Health = word },
        "down" or "fail" or "stopped" => this with { IsUp = false, Health = word },
        "ready" => this with { Order = AgentOrder.Ready },
        "drain" => this with { Order = AgentOrder.Drain },
        "maint" => this with { Order = AgentOrder.Maintenance },
        [.. var number, '%'] when TryRead(number, out var percent) => this with { WeightPercent = percent },
        ['m', 'a', 'x', 'c', 'o', 'n', 'n', ':', .. var number] when TryRead(number, out var most) => this with { MaxSessions = most },
        _ => this with { Unknown = Unknown ?? word },
    };

    private static bool TryRead(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>What an agent asks of the administrator's state.</summary>
internal enum AgentOrder
{
    /// <summary>New sessions may come.</summary>
    Ready,

    /// <summary>No new sessions.</summary>
    Drain,

    /// <summary>Out of service.</summary>
    Maintenance,
}
