using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Scenarios;

/// <summary>Reads when requests come.</summary>
internal static class ArrivalReader
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    /// <summary>What <paramref name="fields"/> ask for; null when that is nothing, which is said.</summary>
    internal static ArrivalSpec? Read(FieldReader fields, IArrivalLogs? logs)
    {
        var kind = fields.Has("kind") ? fields.Word("kind", "poisson", "even", "bursts", "diurnal", "closed", "log") : "poisson";
        if (kind is null)
        {
            return null;
        }

        var read = kind switch
        {
            "even" => new EvenArrivals(),
            "bursts" => ReadBursts(fields),
            "diurnal" => new DiurnalArrivals(Seconds(fields, "period", 60), fields.Number("amplitude", 0, 1) ?? 0.8),
            "closed" => ReadClosed(fields),
            "log" => ReadLog(fields, logs),
            _ => (ArrivalSpec?)new PoissonArrivals(),
        };
        if (read is not ClosedArrivals)
        {
            var (rate, load) = (fields.Number("rate", 1e-3, 1e9), fields.Number("load", 1e-3, 10));
            if (read is LoggedArrivals logged && rate is null && load is null)
            {
                rate = logged.Trace.Rate;
            }
            else if (read is not null && fields.Has("rate") == fields.Has("load"))
            {
                fields.Refuse(
                    fields.Has("rate") ? "load" : "rate",
                    "expected either rate (requests per second) or load (a part of what the backends can do)");
            }

            read = read is null ? null : read with { Rate = rate, Load = load };
        }

        fields.End();
        return read;
    }

    private static BurstArrivals ReadBursts(FieldReader fields)
    {
        var read = new BurstArrivals(
            fields.Number("peak", 1, 1000) ?? 3, Seconds(fields, "on", 1), Seconds(fields, "off", 4), fields.Flag("regular") ?? false);
        if (read.LowOfMean < 0)
        {
            fields.Refuse("peak", $"the bursts alone would be more than all: at most {(read.On + read.Off) / read.On:G3} with these on and off");
        }

        return read;
    }

    private static ClosedArrivals ReadClosed(FieldReader fields)
    {
        fields.Require("users", "how many users there are");
        return new ClosedArrivals(
            (int)(fields.Whole("users", 1, 1_000_000) ?? 1), DistributionReader.Read(fields, "think") ?? new ExponentialTime(1));
    }

    private static LoggedArrivals? ReadLog(FieldReader fields, IArrivalLogs? logs)
    {
        fields.Require("log", "the access log, a path from the scenario's folder");
        var (file, service) = (fields.Text("log"), fields.Text("service"));
        if (file is null)
        {
            return null;
        }

        if (logs is null)
        {
            fields.Refuse("log", "a log is found from the folder of the scenario's file, and this scenario has none");
            return null;
        }

        var opened = logs.Open(file, service);
        foreach (var note in opened.Notes)
        {
            fields.Warn("log", note);
        }

        if (opened.Trace is { } trace)
        {
            return new LoggedArrivals(trace);
        }

        fields.Refuse("log", opened.Problem!);
        return null;
    }

    private static double Seconds(FieldReader fields, string name, double standard) =>
        fields.Duration(name, s_least)?.TotalSeconds ?? standard;
}
