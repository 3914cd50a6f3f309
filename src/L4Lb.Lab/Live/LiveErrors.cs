using System.Globalization;
using L4Lb.Engine.Interop;
using L4Lb.Lab.Measuring;
using L4Lb.Lab.Reports;

namespace L4Lb.Lab.Live;

/// <summary>How far what was done is from what was meant, over all runs. For one thread at a time.</summary>
internal sealed class LiveErrors
{
    // Later than that, and the figures are about the generator.
    private const double LateMostMicros = 5000;

    private readonly Dictionary<Errno, long> _unsent = [];

    /// <summary>Real microseconds from when requests were meant to begin to when they did.</summary>
    internal Histogram Sent { get; } = new();

    /// <summary>Real microseconds from when service was over to when its timer was seen.</summary>
    internal Histogram Served { get; } = new();

    /// <summary>Requests that were not sent, because as many were open as descriptors allow.</summary>
    internal long OutOfDescriptors { get; set; }

    /// <summary>Answers by whoever is none of the lab's backends.</summary>
    internal long Strange { get; set; }

    /// <summary>Requests that hung to the end.</summary>
    internal long CutOff { get; set; }

    /// <summary>A request could not be sent.</summary>
    internal void NoteUnsent(Errno error) => _unsent[error] = _unsent.GetValueOrDefault(error) + 1;

    /// <summary>All that a reader of the figures should know.</summary>
    internal IEnumerable<string> Notes()
    {
        if (Sent.Count > 0)
        {
            yield return $"Requests began {Figures.Duration(Sent.Mean)} after they were meant to on average, 99 % within "
                + $"{Figures.Duration(Sent.Quantile(0.99))}, the last after {Figures.Duration(Sent.Max)}; latency counts from when they were meant to.";
        }

        if (Sent.Quantile(0.99) > LateMostMicros)
        {
            yield return "The generator fell behind: part of the latency is its own. --load, --rate or --time-scale make it less to do.";
        }

        if (Served.Count > 0)
        {
            yield return $"Backends answered {Figures.Duration(Served.Mean)} after the work was over on average, 99 % within "
                + $"{Figures.Duration(Served.Quantile(0.99))}: the error of emulated service times.";
        }

        if (OutOfDescriptors > 0)
        {
            yield return Say(OutOfDescriptors, "not sent, because as many were open as descriptors allow");
        }

        foreach (var (error, count) in _unsent.OrderByDescending(static e => e.Value))
        {
            yield return Say(count, $"not sent: {LastError.Describe(error)}");
        }

        if (Strange > 0)
        {
            yield return Say(Strange, "answered by something that is none of the lab's backends");
        }

        if (CutOff > 0)
        {
            yield return Say(CutOff, "cut off at the end, unanswered");
        }
    }

    private static string Say(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,##0} {(count == 1 ? "request was" : "requests were")} {what}.");
}
