using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Workload;

/// <summary>Requests as they once were, in the order of their times; after the last the first comes again. Immutable.</summary>
public sealed class Trace
{
    private readonly double[] _times, _work;
    private readonly AddressKey[] _addresses;
    private readonly int[] _clients;

    /// <summary>Takes over the arrays, which have one element for each request; at least one.</summary>
    /// <param name="times">Seconds from the start, ascending.</param>
    /// <param name="work">Seconds of each.</param>
    /// <param name="addresses">Address and port of each one's client.</param>
    /// <param name="clients">Number of each one's client, from 0.</param>
    public Trace(double[] times, double[] work, AddressKey[] addresses, int[] clients)
    {
        (_times, _work, _addresses, _clients) = (times, work, addresses, clients);
        Clients = clients.Max() + 1;
        Length = times[^1] + Math.Max(times[^1] / times.Length, 0.001);
        PeakOfMean = Math.Max(1, MostWithin(1) / Rate);
    }

    /// <summary>Requests.</summary>
    public int Count => _times.Length;

    /// <summary>Clients, told apart by address.</summary>
    public int Clients { get; }

    /// <summary>Seconds until it begins again: a mean gap after the last request, and at least a millisecond.</summary>
    public double Length { get; }

    /// <summary>Requests per second on average.</summary>
    public double Rate => Count / Length;

    /// <summary>Requests in the busiest second, as a multiple of the average; at least 1.</summary>
    public double PeakOfMean { get; }

    /// <summary>When request <paramref name="number"/> comes, in seconds from the start.</summary>
    public double TimeOf(long number) => (number / Count * Length) + _times[number % Count];

    /// <summary>How long request <paramref name="number"/> takes, in seconds.</summary>
    public double WorkOf(long number) => _work[number % Count];

    /// <summary>Address and port of its client.</summary>
    public AddressKey AddressOf(long number) => _addresses[number % Count];

    /// <summary>Number of its client.</summary>
    public int ClientOf(long number) => _clients[number % Count];

    private int MostWithin(double seconds)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < _times.Length; last++)
        {
            while (_times[last] - _times[first] > seconds)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
