namespace L4Lb.Lab.Workload;

/// <summary>What chance decides. Each has dice of its own, so that drawing more for one changes nothing for the others.</summary>
public enum Purpose
{
    /// <summary>When requests come.</summary>
    Arrivals,

    /// <summary>How much work each request is.</summary>
    Service,

    /// <summary>Whose request it is.</summary>
    Clients,

    /// <summary>Which balancer it comes to.</summary>
    Spreading,

    /// <summary>How long users think.</summary>
    Thinking,

    /// <summary>When things go wrong.</summary>
    Faults,

    /// <summary>Which backends a balancer knows.</summary>
    Subsets,

    /// <summary>The dice of the schedulers themselves.</summary>
    Schedulers,

    /// <summary>The jitter of health checks.</summary>
    Health,

    /// <summary>How long connects take.</summary>
    Connects,
}

/// <summary>
/// Dice that one seed determines: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Its state is a counter, so the n-th number
/// can be had without the ones before it, and two runs that differ in the scheduler alone meet the same numbers. A mutable
/// struct; for one thread.
/// </summary>
public struct Dice
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _start;
    private ulong _count;

    /// <summary>The dice for <paramref name="purpose"/> under <paramref name="seed"/>.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="purpose">What they decide.</param>
    /// <param name="index">Tells several of one purpose apart.</param>
    public Dice(ulong seed, Purpose purpose, ulong index = 0) =>
        _start = Mix(Mix(Mix(seed) + (ulong)purpose + 1) + (Golden * index));

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => At(_count++);

    /// <summary>The <paramref name="index"/>-th 64 random bits; does not change what comes next.</summary>
    public readonly ulong At(ulong index) => unchecked(Mix(_start + (Golden * (index + 1))));

    /// <summary>The next number, 0 &lt; x &lt; 1.</summary>
    public double NextUnit() => ToUnit(Next());

    /// <summary>The next number below <paramref name="bound"/>, all about equally likely.</summary>
    public int Next(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>64 bits as a number, 0 &lt; x &lt; 1.</summary>
    public static double ToUnit(ulong bits) => ((bits >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>A bijection that leaves no trace of neighbourhood (SplitMix64's).</summary>
    internal static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
