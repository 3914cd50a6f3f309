using L4Lb.K8s.Annotations;
using L4Lb.K8s.Reading.Tree;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Scenarios;

/// <summary>Reads how long something takes: a duration that is always the same, or an object that names a distribution.</summary>
internal static class DistributionReader
{
    private static readonly TimeSpan s_least = TimeSpan.FromMicroseconds(1);

    /// <summary>The distribution in the field <paramref name="name"/>; null when it is not there, or is none, which is said.</summary>
    internal static Distribution? Read(FieldReader parent, string name)
    {
        if (parent.Node(name) is ScalarNode)
        {
            return parent.Duration(name, s_least) is { } always ? new DeterministicTime(always.TotalSeconds) : null;
        }

        if (parent.Object(name) is not { } fields)
        {
            return null;
        }

        var kind = fields.Word("distribution", "deterministic", "exponential", "lognormal", "pareto", "bimodal");
        if (!fields.Has("distribution"))
        {
            fields.Require("distribution", "deterministic, exponential, lognormal, pareto or bimodal");
            return null;
        }

        var read = kind is null ? null : kind == "bimodal" ? ReadBimodal(fields) : ReadByMean(kind, fields);
        if (kind is not null)
        {
            fields.End();
        }

        return read;
    }

    private static Distribution? ReadByMean(string kind, FieldReader fields)
    {
        fields.Require("mean", "a duration such as 10ms");
        var mean = fields.Duration("mean", s_least)?.TotalSeconds ?? 0;
        Distribution read = kind switch
        {
            "exponential" => new ExponentialTime(mean),
            "lognormal" => new LognormalTime(mean, fields.Number("sigma", 0, 5) ?? 1),
            "pareto" => ReadPareto(mean, fields),
            _ => new DeterministicTime(mean),
        };
        return mean > 0 ? read : null;
    }

    private static ParetoTime ReadPareto(double mean, FieldReader fields)
    {
        var shape = fields.Number("shape", 1.01, 100) ?? 1.5;
        var read = new ParetoTime(mean, shape, fields.Duration("max", s_least)?.TotalSeconds ?? double.PositiveInfinity);
        if (read.Most < mean)
        {
            fields.Refuse("max", $"is shorter than the mean, {GoDuration.Format(TimeSpan.FromSeconds(mean))}");
        }

        return read;
    }

    private static BimodalTime? ReadBimodal(FieldReader fields)
    {
        fields.Require("short", "a duration such as 1ms");
        fields.Require("long", "a duration such as 100ms");
        fields.Require("longPart", "the part that is long, from 0 to 1");
        var part = fields.Number("longPart", 0, 1);
        return fields.Duration("short", s_least) is { } low && fields.Duration("long", s_least) is { } high && part is not null
            ? new BimodalTime(low.TotalSeconds, high.TotalSeconds, part.Value)
            : null;
    }
}
