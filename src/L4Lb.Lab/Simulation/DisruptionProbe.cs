using L4Lb.Engine.Desired;
using L4Lb.Engine.Runtime;
using L4Lb.Engine.Scheduling;
using L4Lb.Lab.Results;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Simulation;

/// <summary>
/// Finds out what changes of the set of backends move: asks a hashing scheduler for its first choice for the same flows
/// before and after. A scheduler that does not go by a hash gives no flow a backend of its own, so there is nothing to move.
/// </summary>
internal sealed class DisruptionProbe
{
    private const int Flows = 4096;
    private const int ChangesMost = 256;
    private const int NamesMost = 3;

    private readonly Balancer _balancer;
    private readonly FlowKey[] _flows = new FlowKey[Flows];
    private readonly List<(long At, string What, double Moved, double Needed)> _changes = [];
    private Dictionary<AddressKey, double> _due;
    private AddressKey[]? _choices;

    internal DisruptionProbe(Balancer balancer)
    {
        _balancer = balancer;
        var dice = new Dice(0x1AB, Purpose.Clients);
        for (var i = 0; i < Flows; i++)
        {
            var bits = dice.Next();
            _flows[i] = new FlowKey(AddressKey.FromIPv4((uint)bits, (ushort)(bits >> 48)), balancer.Listen);
        }

        _due = DueOf(balancer.Pool);
        _choices = Ask(0);
    }

    /// <summary>The changes so far, in seconds from <paramref name="start"/>.</summary>
    internal IReadOnlyList<ChangeResult> Changes(long start) =>
    [
        .. _changes.Select(c => new ChangeResult((double)(c.At - start) / VirtualTime.PerSecond, c.What, c.Moved, c.Needed)),
    ];

    /// <summary>The balancer was compiled anew.</summary>
    internal void Look(long now, Server[] servers)
    {
        var (before, due) = (_due, DueOf(_balancer.Pool));
        _due = due;
        if (before.Count == due.Count && before.All(b => due.TryGetValue(b.Key, out var share) && share == b.Value))
        {
            return;
        }

        var old = _choices;
        _choices = Ask(now / VirtualTime.PerMillisecond);
        if (old is null || _choices is null || _changes.Count == ChangesMost)
        {
            return;
        }

        var (moved, lost) = (0, 0);
        for (var i = 0; i < Flows; i++)
        {
            moved += old[i] != _choices[i] ? 1 : 0;
            lost += !due.ContainsKey(old[i]) ? 1 : 0;
        }

        var gained = due.Sum(d => before.ContainsKey(d.Key) ? 0 : d.Value);
        _changes.Add((now, Describe(before, due, servers), (double)moved / Flows, Math.Max((double)lost / Flows, gained)));
    }

    private AddressKey[]? Ask(long nowMs)
    {
        var pool = _balancer.Pool;
        var chooser = pool.Hash ?? pool.Scheduler;
        if ((SchedulerCatalog.Find(chooser.Name)!.Traits & SchedulerTraits.ByHash) == 0)
        {
            return null;
        }

        return Array.ConvertAll(_flows, flow =>
        {
            var none = default(TriedSet);
            return chooser.Next(in flow, in none, nowMs) is >= 0 and var index ? pool[index].Address : default;
        });
    }

    /// <summary>The share that everybody who may serve is due.</summary>
    private static Dictionary<AddressKey, double> DueOf(BackendPool pool)
    {
        var eligible = Enumerable.Range(0, pool.Size).Where(pool.IsEligible).ToArray();
        var sum = eligible.Sum(pool.WeightOf);
        return eligible.ToDictionary(index => pool[index].Address, index => pool.WeightOf(index) / sum);
    }

    private static string Describe(Dictionary<AddressKey, double> before, Dictionary<AddressKey, double> after, Server[] servers)
    {
        var lost = before.Keys.Where(address => !after.ContainsKey(address)).Select(Find).ToArray();
        string[] parts =
        [
            Say([.. lost.Where(static server => !server.IsPresent)], "left"),
            Say([.. lost.Where(static server => server.IsPresent)], "down"),
            Say([.. after.Keys.Where(address => !before.ContainsKey(address)).Select(Find)], "joined"),
        ];
        var said = string.Join("; ", parts.Where(static part => part.Length > 0));
        return said.Length > 0 ? said : "weights changed";

        Server Find(AddressKey address) => servers[Server.IdOf(address)];
    }

    private static string Say(Server[] servers, string verb) => servers.Length switch
    {
        0 => "",
        <= NamesMost => $"{string.Join(", ", servers.Select(static server => server.Name))} {verb}",
        _ => $"{string.Join(", ", servers.Take(NamesMost - 1).Select(static server => server.Name))} and {servers.Length - NamesMost + 1} more {verb}",
    };
}
