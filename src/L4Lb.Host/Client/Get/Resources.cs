using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Get;

/// <summary>Everything that <c>l4lb get</c> lists.</summary>
internal static class Resources
{
    // What the instance gives when nobody says how many; a table of more is read by nobody.
    private const int EventsUsual = Page.Usual;

    /// <summary>Service ports.</summary>
    public static Resource Services { get; } = new Resource<ServiceAnswer>("services", "service", "svc")
    {
        IsNamedAsServices = true,
        Filters = ["--service"],
        Type = AdminJson.Default.ServiceAnswer,
        Read = static (client, selection, stop) =>
            ListAsync(client.GetAsync($"services?{selection.ServiceQuery()}", AdminJson.Default.ListAnswerServiceAnswer, stop)),
        NamespaceOf = static s => s.Namespace,
        NameOf = static s => s.Name,
        KeyOf = static s => $"{s.Namespace}/{s.Name}:{s.Port}",
        Columns = static _ => ServiceColumns.All,
    };

    /// <summary>Backends, once for each service port that they serve.</summary>
    public static Resource Backends { get; } = new Resource<BackendAnswer>("backends", "backend", "be")
    {
        Filters = ["--service", "--backend"],
        Type = AdminJson.Default.BackendAnswer,
        Read = static (client, selection, stop) =>
            ListAsync(client.GetAsync($"backends?{selection.ServiceQuery()}", AdminJson.Default.ListAnswerBackendAnswer, stop)),
        Fits = static (b, selection) => selection.Backend is null || b.Address == $"{selection.Backend}",
        NamespaceOf = static b => b.Namespace,
        NameOf = static b => b.Address,
        KeyOf = static b => $"{b.Namespace}/{b.Service}:{b.Port} {b.Address}",
        Columns = BackendColumns.All,
    };

    /// <summary>Pools of addresses.</summary>
    public static Resource Pools { get; } = new Resource<PoolAnswer>("pools", "pool", "addresspool", "addresspools", "ap")
    {
        Type = AdminJson.Default.PoolAnswer,
        Read = static (client, _, stop) => PoolsAsync(client, static p => p.Items, stop),
        NameOf = static p => p.Name,
        KeyOf = static p => p.Name,
        Columns = static _ =>
        [
            new("NAME", static p => p.Name),
            new("IPV4-USED", static p => p.AssignedIPv4),
            new("IPV4-TOTAL", static p => p.TotalIPv4),
            new("IPV6-USED", static p => p.AssignedIPv6),
            new("IPV6-TOTAL", static p => p.TotalIPv6),
            new("PROBLEM", static p => string.Join("; ", p.Problems)),
        ],
    };

    /// <summary>All of them, as the help names them.</summary>
    public static IReadOnlyList<Resource> All { get; } =
    [
        Services,
        Backends,
        Sessions("sessions", "session", "sess"),
        Sessions("flows", "flow", "fl"),
        new Resource<AffinityAnswer>("affinity", "affinities", "aff")
        {
            Singular = "affinity",
            Filters = ["--service", "--backend", "--client"],
            Type = AdminJson.Default.AffinityAnswer,
            Read = static (client, selection, stop) => client.PagesAsync(
                "affinity", selection.ServiceQuery(), Part(selection), AdminJson.Default.PageAnswerAffinityAnswer, stop),
            Fits = static (a, selection) => (selection.Backend is null || a.Backend == $"{selection.Backend}")
                && (selection.Client is null || ClientNetwork.Contains(selection.Client, a.Client)),
            NamespaceOf = static a => a.Namespace,
            NameOf = static a => a.Client,
            KeyOf = static a => $"{a.Namespace}/{a.Service}:{a.Port} {a.Client}",
            Columns = static _ => SessionColumns.Affinity,
        },
        new Resource<ListenerAnswer>("listeners", "listener", "li")
        {
            Filters = ["--service"],
            Type = AdminJson.Default.ListenerAnswer,
            Read = static (client, _, stop) => ListAsync(client.GetAsync("listeners", AdminJson.Default.ListAnswerListenerAnswer, stop)),
            Fits = static (l, selection) =>
                selection.Service is not { } service || (l.Namespace, l.Service) == (service.Namespace, service.Name),
            NamespaceOf = static l => l.Namespace,
            NameOf = static l => l.Address,
            KeyOf = static l => $"{l.Namespace}/{l.Service}:{l.Port} {l.Address} {l.Kind}",
            Columns = static _ => ServiceColumns.Listeners,
        },
        Pools,
        new Resource<PendingAnswer>("pending", "pendingservice", "pendingservices", "pend")
        {
            IsNamedAsServices = true,
            Filters = ["--service"],
            Type = AdminJson.Default.PendingAnswer,
            Read = static (client, _, stop) => PoolsAsync(client, static p => p.Pending, stop),
            Fits = static (p, selection) =>
                selection.Service is not { } service || (p.Namespace, p.Name) == (service.Namespace, service.Name),
            NamespaceOf = static p => p.Namespace,
            NameOf = static p => p.Name,
            KeyOf = static p => $"{p.Namespace}/{p.Name}",
            Columns = static _ => ServiceColumns.Pending,
        },
        new Resource<AddressAnswer>("addresses", "address", "addr")
        {
            Type = AdminJson.Default.AddressAnswer,
            Read = static (client, _, stop) => ListAsync(client.GetAsync("addresses", AdminJson.Default.ListAnswerAddressAnswer, stop)),
            NameOf = static a => a.Address,
            KeyOf = static a => a.Address,
            Columns = static now =>
            [
                new("ADDRESS", static a => a.Address),
                new("STATE", static a => a.State),
                new("HOLDER", static a => a.Holder),
                new("AGE", a => Human.Age(now() - a.Since)) { IsClock = true },
                new("REASON", static a => a.Reason),
            ],
        },
        new Resource<EventAnswer>("events", "event", "ev")
        {
            Filters = ["--service", "--backend"],
            Type = AdminJson.Default.EventAnswer,
            Read = static (client, selection, stop) => EventsAsync(client, selection, stop),
            NameOf = static e => $"{e.Id}",
            KeyOf = static e => $"{e.Id}",
            Columns = SessionColumns.Events,
        },
    ];

    private static Resource<SessionAnswer> Sessions(string name, params string[] otherNames) => new(name, otherNames)
    {
        Filters = ["--service", "--backend", "--client"],
        Type = AdminJson.Default.SessionAnswer,
        Read = (client, selection, stop) =>
            client.PagesAsync(name, selection.Query(), Part(selection), AdminJson.Default.PageAnswerSessionAnswer, stop),
        NamespaceOf = static s => s.Namespace,
        NameOf = static s => $"{s.Id}",
        KeyOf = static s => $"{s.Id}",
        Columns = SessionColumns.All,
    };

    /// <summary>How many to ask for at once: what is filtered here has to be sought in all.</summary>
    private static int Part(Selection selection) =>
        selection is { Namespace: null, Names.Count: 0, Limit: { } limit } ? limit : Page.Most;

    /// <summary>The newest, of which the last is the newest: there is no going on behind it.</summary>
    private static async IAsyncEnumerable<EventAnswer> EventsAsync(
        AdminClient client, Selection selection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        // Whom events are about is asked of the instance: of those few the newest, not those few of the newest.
        var about = selection.Backend is { } backend ? $"{backend}" : selection.Service?.ToString();
        var query = about is null ? "" : $"&about={Uri.EscapeDataString(about)}";
        var limit = selection.Names.Count > 0 ? Page.Most : selection.Limit ?? EventsUsual;
        var part = selection is { Backend: not null, Service: not null } ? Page.Most : Math.Min(limit, Page.Most);
        var page = await client.GetAsync($"events?limit={part}{query}", AdminJson.Default.PageAnswerEventAnswer, stop);
        foreach (var item in page.Items.Where(e => selection.Service is not { } service || IsAbout(e, $"{service}")).TakeLast(limit))
        {
            yield return item;
        }
    }

    private static bool IsAbout(EventAnswer happened, string text) =>
        happened.About.Values.Any(value => value.Contains(text, StringComparison.Ordinal));

    private static async IAsyncEnumerable<T> ListAsync<T>(Task<ListAnswer<T>> answer)
    {
        foreach (var item in (await answer).Items)
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<T> PoolsAsync<T>(
        AdminClient client,
        Func<PoolsAnswer, IReadOnlyList<T>> items,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var item in items(await client.GetAsync("pools", AdminJson.Default.PoolsAnswer, stop)))
        {
            yield return item;
        }
    }
}
