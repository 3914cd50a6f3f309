namespace L4Lb.Host.Client.Top;

/// <summary>
/// What is on the screen: the process, services as many as fit and the headings of what is in which order, backends that are not
/// well, and the keys. Immutable; keys make another.
/// </summary>
internal sealed record TopScreen(TopOrder Order)
{
    // Of the lines left, those not well have at most a third, so that they never push the services away.
    private const int UnhealthyShare = 3;

    private const string Keys = "q quit  p pause  j/k  sort: s sess a active i in o out e err r retr t p99 n name";

    /// <summary>Whether what is shown stays as it is.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Services that are above the first one shown.</summary>
    public int Scroll { get; init; }

    /// <summary>Whether somebody wants to leave.</summary>
    public bool IsLeft { get; init; }

    /// <summary>The screen after a key.</summary>
    public TopScreen After(ConsoleKeyInfo key) => key switch
    {
        { Key: ConsoleKey.Escape } or { KeyChar: 'q' or 'Q' or '\u0003' } => this with { IsLeft = true },
        { Key: ConsoleKey.UpArrow } or { KeyChar: 'k' } => this with { Scroll = Math.Max(Scroll - 1, 0) },
        { Key: ConsoleKey.DownArrow } or { KeyChar: 'j' } => this with { Scroll = Scroll + 1 },
        { Key: ConsoleKey.PageUp } => this with { Scroll = Math.Max(Scroll - 10, 0) },
        { Key: ConsoleKey.PageDown } => this with { Scroll = Scroll + 10 },
        { Key: ConsoleKey.Home } => this with { Scroll = 0 },
        { KeyChar: 'p' or ' ' } => this with { IsPaused = !IsPaused },
        { KeyChar: 's' } => By(TopOrder.Sessions),
        { KeyChar: 'a' } => By(TopOrder.Active),
        { KeyChar: 'i' } => By(TopOrder.In),
        { KeyChar: 'o' } => By(TopOrder.Out),
        { KeyChar: 'e' } => By(TopOrder.Errors),
        { KeyChar: 'r' } => By(TopOrder.Retries),
        { KeyChar: 't' } => By(TopOrder.P99),
        { KeyChar: 'n' } => By(TopOrder.Name),
        _ => this,
    };

    /// <summary>Never scrolled so far that nothing is left.</summary>
    public TopScreen Within(int services) => this with { Scroll = Math.Clamp(Scroll, 0, Math.Max(services - 1, 0)) };

    /// <summary>The lines, none of them longer than the screen is wide, and as many as it is high.</summary>
    /// <param name="view">What is shown.</param>
    /// <param name="size">Columns and lines of the screen.</param>
    public IReadOnlyList<string> Render(TopView view, (int Columns, int Lines) size)
    {
        var lines = view.Head.ToList();
        lines.Add("");
        lines.Add(TopTable.Headings(size.Columns));
        var left = Math.Max(size.Lines - lines.Count - 1, 1);
        var unhealthy = view.Unhealthy.Count == 0 ? 0 : Math.Min(view.Unhealthy.Count + 2, Math.Max(left / UnhealthyShare, 3));
        var room = Math.Max(left - unhealthy, 1);
        var services = TopTable.Sort(view.Services, Order).Skip(Scroll).Take(room).Select(s => TopTable.Row(s, size.Columns)).ToList();
        lines[view.Head.Count] = view.Problem
            ?? $"{(IsPaused ? "paused, " : "")}by {Order.ToString().ToLowerInvariant()}, {Math.Min(Scroll + 1, view.Services.Count)}-{Scroll + services.Count} of {view.Services.Count}";
        lines.AddRange(services);
        lines.AddRange(Enumerable.Repeat("", room - services.Count));
        if (unhealthy > 0)
        {
            var shown = Math.Max(unhealthy - 2, 1);
            lines.Add("");
            lines.Add($"NOT WELL ({view.Unhealthy.Count}{(view.Unhealthy.Count > shown ? $", the latest {shown}" : "")})");
            lines.AddRange(view.Unhealthy.Take(shown));
        }

        lines.Add(Keys);
        return [.. lines.Take(size.Lines).Select(line => TopTable.Fit(line, size.Columns))];
    }

    private TopScreen By(TopOrder order) => this with { Order = order, Scroll = 0 };
}

/// <summary>What there is to show.</summary>
/// <param name="Head">Lines about the process.</param>
/// <param name="Services">Its services.</param>
/// <param name="Unhealthy">Lines about backends that are not well.</param>
/// <param name="Problem">Why there is nothing newer; null when this is new.</param>
internal sealed record TopView(
    IReadOnlyList<string> Head, IReadOnlyList<Rates> Services, IReadOnlyList<string> Unhealthy, string? Problem = null)
{
    /// <summary>What two answers come to.</summary>
    public static TopView Of(Sample before, Sample now, ServerAddress address, TimeProvider time)
    {
        var clock = time.GetUtcNow().UtcDateTime;
        return new TopView(
            [.. TopTable.Head(now, Rates.OfAll(before, now, time), address, clock - now.Status.Started)],
            Rates.OfServices(before, now, time),
            [.. TopTable.Unhealthy(now, clock)]);
    }
}
