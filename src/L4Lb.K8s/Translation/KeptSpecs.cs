using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Translation;

/// <summary>
/// What one Service asks of the data plane, and what it gets: all but the addresses that somebody else has. What comes out
/// equal to what was there before is what was there before, by reference, so that the data plane sees at a glance what to leave
/// alone. Not thread-safe.
/// </summary>
internal sealed class KeptSpecs
{
    private static readonly List<Diagnostic> s_none = [];

    private Service? _service;
    private ServiceSpec[] _wanted = [];
    private ServiceSpec[] _granted = [];
    private List<Diagnostic> _conflicts = s_none;

    /// <summary>What to ask of the data plane.</summary>
    public ReadOnlySpan<ServiceSpec> Granted => _granted;

    /// <summary>Which addresses it did not get; the same list until that changes.</summary>
    public IReadOnlyList<Diagnostic> Conflicts => _conflicts;

    /// <summary>Gives every address to one of <paramref name="all"/>, who are in the order in which they may choose.</summary>
    public static void Settle(IReadOnlyCollection<KeptSpecs> all)
    {
        var conflicts = new ListenConflicts(all.Sum(static one => one._wanted.Sum(static w => w.Listens.Count)));
        for (var rank = 0; rank < ListenConflicts.Ranks; rank++)
        {
            foreach (var one in all)
            {
                foreach (var spec in one._wanted)
                {
                    conflicts.Reserve(spec, rank);
                }
            }
        }

        foreach (var one in all)
        {
            one.Claim(conflicts);
        }
    }

    /// <summary>
    /// Takes what the Service asks for now. Returns whether that is at other addresses than before; then all have to
    /// <see cref="Settle"/>.
    /// </summary>
    public bool Want(Service? service, ReadOnlySpan<ServiceSpec> specs)
    {
        var before = _wanted;
        _service = service;
        _wanted = specs.ToArray();
        var moved = before.Length != _wanted.Length;
        for (var i = 0; i < _wanted.Length && i < before.Length; i++)
        {
            moved |= before[i].Key != _wanted[i].Key || before[i].Protocol != _wanted[i].Protocol
                || before[i].Listens != _wanted[i].Listens;
            _wanted[i] = Keep(before[i], _wanted[i]);
        }

        if (!moved)
        {
            for (var i = 0; i < _granted.Length; i++)
            {
                // Whoever lost an address to somebody else still has.
                var lost = _granted[i].Listens.Count < _wanted[i].Listens.Count;
                _granted[i] = lost ? Keep(_granted[i], _wanted[i] with { Listens = _granted[i].Listens }) : _wanted[i];
            }
        }

        return moved;
    }

    private void Claim(ListenConflicts conflicts)
    {
        var lost = new List<LostListen>();
        var granted = new ServiceSpec[_wanted.Length];
        for (var i = 0; i < granted.Length; i++)
        {
            var claimed = conflicts.Claim(_wanted[i], lost);
            granted[i] = i < _granted.Length ? Keep(_granted[i], claimed) : claimed;
        }

        _granted = granted;
        if (lost.Count + _conflicts.Count == 0)
        {
            return;
        }

        var said = new List<Diagnostic>(lost.Count);
        foreach (var (listen, owner) in lost)
        {
            said.Warn(_service!, PathOf(listen), $"{listen.Address} is not listened on for this Service: {owner} has it");
        }

        _conflicts = said.SequenceEqual(_conflicts) ? _conflicts : said;
    }

    private string PathOf(ListenSpec listen) => listen.Kind switch
    {
        ListenKind.NodePort =>
            $"spec.ports[{_service!.Ports.Index().First(p => p.Item.NodePort == listen.Address.Port).Index}].nodePort",
        ListenKind.LoadBalancer => "status.loadBalancer.ingress",
        ListenKind.ExternalIP => "spec.externalIPs",
        _ => "spec.clusterIPs",
    };

    private static T Keep<T>(T before, T after)
        where T : class => before.Equals(after) ? before : after;
}
