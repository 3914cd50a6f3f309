using System.Diagnostics.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>What one instrument is and what it tells of a reading.</summary>
/// <param name="Name">Its name by OpenTelemetry's rules.</param>
/// <param name="Unit">Its unit in UCUM; in braces what is counted.</param>
/// <param name="Description">What it means, in a sentence.</param>
/// <param name="Scope">What its series are of.</param>
/// <param name="Create">Makes the instrument of a meter.</param>
internal sealed record InstrumentDefinition(
    string Name, string Unit, string Description, InstrumentScope Scope, Func<Meter, Func<MetricsReading>, Instrument> Create)
{
    /// <summary>Something that only grows.</summary>
    public static InstrumentDefinition Counter(
        string name, string unit, string description, InstrumentScope scope,
        Func<MetricsReading, IEnumerable<Measurement<long>>> observe) =>
        new(name, unit, description, scope, (meter, read) =>
            meter.CreateObservableCounter(name, () => observe(read()), unit, description));

    /// <summary>An amount that makes sense when it is added up over series.</summary>
    public static InstrumentDefinition Amount(
        string name, string unit, string description, InstrumentScope scope,
        Func<MetricsReading, IEnumerable<Measurement<long>>> observe) =>
        new(name, unit, description, scope, (meter, read) =>
            meter.CreateObservableUpDownCounter(name, () => observe(read()), unit, description));

    /// <summary>A value that makes no sense when it is added up.</summary>
    public static InstrumentDefinition Gauge(
        string name, string unit, string description, InstrumentScope scope,
        Func<MetricsReading, IEnumerable<Measurement<double>>> observe) =>
        new(name, unit, description, scope, (meter, read) =>
            meter.CreateObservableGauge(name, () => observe(read()), unit, description));
}

/// <summary>What the series of an instrument are of.</summary>
/// <param name="Kind">Whether there are some for each service port or each backend.</param>
/// <param name="Each">Most series for each of these.</param>
internal readonly record struct InstrumentScope(ScopeKind Kind, int Each)
{
    /// <summary>A fixed number of series.</summary>
    public static InstrumentScope Process { get; } = new(ScopeKind.Process, 0);

    /// <summary>So many for each service port.</summary>
    public static InstrumentScope Service(int each = 1) => new(ScopeKind.Service, each);

    /// <summary>So many for each backend.</summary>
    public static InstrumentScope Backend(int each = 1) => new(ScopeKind.Backend, each);
}

/// <summary>Kinds of <see cref="InstrumentScope"/>.</summary>
internal enum ScopeKind
{
    /// <summary>The process, or things of which there are few.</summary>
    Process,

    /// <summary>Service ports.</summary>
    Service,

    /// <summary>Backends.</summary>
    Backend,
}

/// <summary>Makes measurements.</summary>
internal static class Measure
{
    /// <summary>Attributes of the measurement that is made, which copies them.</summary>
    [ThreadStatic]
    private static KeyValuePair<string, object?>[]? s_tags;

    /// <summary>One number without attributes.</summary>
    public static IEnumerable<Measurement<long>> One(long value) => [new(value)];

    /// <summary>A value with attributes, and one more.</summary>
    public static Measurement<long> Of(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, string name, string text)
    {
        var all = s_tags ??= new KeyValuePair<string, object?>[8];
        tags.CopyTo(all);
        all[tags.Length] = new(name, text);
        return new Measurement<long>(value, all.AsSpan(0, tags.Length + 1));
    }

    /// <summary>A value with one attribute.</summary>
    public static Measurement<long> Of(long value, string name, string text) => Of(value, [], name, text);

    /// <summary>What went in each direction.</summary>
    public static IEnumerable<Measurement<long>> Directions(
        long fromClients, long fromBackends, params KeyValuePair<string, object?>[] tags) =>
        [Of(fromClients, tags, MetricTags.Direction, "from_client"), Of(fromBackends, tags, MetricTags.Direction, "from_backend")];

    /// <summary>How many there are of each of the states, those without any included.</summary>
    public static IEnumerable<Measurement<long>> States<T>(IEnumerable<T> states, params KeyValuePair<string, object?>[] tags)
        where T : struct, Enum
    {
        var counts = states.CountBy(static state => state).ToDictionary();
        return EnumWords<T>.All.Select(state => Of(counts.GetValueOrDefault(state.Value), tags, MetricTags.State, state.Word));
    }
}

/// <summary>The members of an enumeration as metrics call them.</summary>
internal static class EnumWords<T>
    where T : struct, Enum
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<(T Value, string Word)> All { get; } = [.. Enum.GetValues<T>().Select(v => (v, MetricTags.Word(v)))];

    private static readonly Dictionary<T, string> s_words = All.ToDictionary(static pair => pair.Value, static pair => pair.Word);

    /// <summary>That of <paramref name="value"/>.</summary>
    public static string Of(T value) => s_words[value];
}
