using L4Lb.Host.Client.Get;

namespace L4Lb.Host.Client.Top;

/// <summary>What <c>l4lb top</c> shows, as lines of a given width.</summary>
internal static class TopTable
{
    private const int Number = 7;
    private const int NameLeast = 16;

    private static readonly string[] s_headings = ["UP", "ACTIVE", "SESS/s", "IN/s", "OUT/s", "ERR/s", "RETR/s", "P50", "P99"];

    /// <summary>Columns that the numbers of a service take.</summary>
    private static int NumbersWidth => s_headings.Length * Number;

    /// <summary>The line of all services together, and what is wrong with the instance.</summary>
    public static IEnumerable<string> Head(Sample now, Rates all, ServerAddress address, TimeSpan age)
    {
        var s = now.Status;
        yield return $"l4lb {address}  {s.Phase}  revision {s.Revision}{(s.ConfigStale ? " (a newer one was refused)" : "")}  up {Human.Age(age)}";
        yield return $"{Human.Count(all.Active)} of {Human.Count(s.SessionLimit)} sessions  {Human.Rate(all.Sessions)}/s  in {Human.Bytes(all.BytesIn)}/s"
            + $"  out {Human.Bytes(all.BytesOut)}/s  errors {Human.Rate(all.Errors)}/s  retries {Human.Rate(all.Retries)}/s";
        yield return $"connect p50 {Human.Micros(all.ConnectTimes.Quantile(0.5))}  p99 {Human.Micros(all.ConnectTimes.Quantile(0.99))}"
            + $"  backends {all.Usable}/{all.Backends}"
            + (s.ServicesWithoutBackend > 0 ? $"  {s.ServicesWithoutBackend} of {s.Services} service ports have none" : "")
            + (s.ListenersFailed > 0 ? $"  {s.ListenersFailed} listeners failed" : "");
    }

    /// <summary>The headings of the services.</summary>
    public static string Headings(int width) => Row("SERVICE", s_headings, width);

    /// <summary>A service.</summary>
    public static string Row(Rates of, int width) => Row(
        of.Name,
        [
            $"{of.Usable}/{of.Backends}", Human.Count(of.Active), Human.Rate(of.Sessions),
            Human.Bytes(of.BytesIn), Human.Bytes(of.BytesOut),
            Human.Rate(of.Errors), Human.Rate(of.Retries), Human.Micros(of.ConnectTimes.Quantile(0.5)),
            Human.Micros(of.ConnectTimes.Quantile(0.99)),
        ],
        width);

    /// <summary>Backends that get no sessions, or would not if they were asked, and why.</summary>
    public static IEnumerable<string> Unhealthy(Sample now, DateTime time) => now.Backends
        .Where(static b => b.Drained || b.Health is not ("up" or "unchecked"))
        .OrderByDescending(static b => b.HealthSince ?? DateTime.MinValue)
        .Select(b => $"{b.Namespace}/{b.Service}:{b.Port} {b.Address} {BackendColumns.StatusOf(b)}"
            + (b.HealthSince is { } since ? $" for {Human.Age(time - since)}" : "") + (b.HealthReason is { } why ? $": {why}" : ""));

    /// <summary>The services in an order.</summary>
    public static IEnumerable<Rates> Sort(IEnumerable<Rates> services, TopOrder order) => services
        .OrderByDescending(s => order switch
        {
            TopOrder.Sessions => s.Sessions,
            TopOrder.Active => s.Active,
            TopOrder.In => s.BytesIn,
            TopOrder.Out => s.BytesOut,
            TopOrder.Errors => s.Errors,
            TopOrder.Retries => s.Retries,
            TopOrder.P99 => s.ConnectTimes.Quantile(0.99) ?? -1,
            _ => 0,
        })
        .ThenBy(static s => s.Name, StringComparer.Ordinal);

    /// <summary>A line that fits.</summary>
    public static string Fit(string line, int width) => line.Length <= width ? line : width > 0 ? line[..(width - 1)] + "…" : "";

    private static string Row(string name, IReadOnlyList<string> numbers, int width)
    {
        var space = Math.Max(width - NumbersWidth, NameLeast);
        return Fit(name, space).PadRight(space) + string.Concat(numbers.Select(static n => n.PadLeft(Number)));
    }
}
