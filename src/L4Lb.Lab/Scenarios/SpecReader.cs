using System.Globalization;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Reading.Tree;
using L4Lb.Lab.Workload;

namespace L4Lb.Lab.Scenarios;

/// <summary>Reads a scenario's <c>spec</c>.</summary>
internal static class SpecReader
{
    /// <summary>Backends of one scenario, those that are added later included: it is a laptop.</summary>
    internal const int BackendsMost = 100_000;

    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    /// <summary>What <paramref name="spec"/> asks for, but for its name; null when too little of it can be understood.</summary>
    internal static Scenario? Read(FieldReader spec, ReadingLog log, IArrivalLogs? logs)
    {
        var description = spec.Text("description");
        RequireSome(spec, "schedulers", "the schedulers to compare");
        var schedulers = ReadSchedulers(spec, log);
        RequireSome(spec, "backends", "the groups of backends");
        var groups = ReadGroups(spec);
        spec.Require("arrivals", "when requests come");
        var arrivals = spec.Object("arrivals") is { } fields ? ArrivalReader.Read(fields, logs) : null;
        var faultFields = spec.Objects("faults").ToList();
        var faults = faultFields.Select(fault => FaultReader.Read(fault, groups)).OfType<Fault>().ToEquatableArray();
        var duration = spec.Duration("duration", s_least);
        var requests = spec.Whole("requests", 1, 1_000_000_000_000);
        if (spec.Has("duration") && spec.Has("requests"))
        {
            spec.Refuse("requests", "expected either duration or requests");
        }
        else if (requests is not null && arrivals is ClosedArrivals)
        {
            spec.Refuse("requests", "closed-loop users ask as often as they are answered: give a duration");
        }

        var warmUp = spec.Duration("warmUp", TimeSpan.Zero);
        var seeds = ReadSeeds(spec, log);
        var clients = spec.Object("clients") is { } c ? ReadClients(c) : new ClientSpec();
        if (arrivals is LoggedArrivals logged)
        {
            requests = duration is null ? requests ?? logged.Trace.Count : null;
            if (spec.Has("clients"))
            {
                spec.Refuse("clients", "the log says whose requests they are");
            }
        }

        var balancers = spec.Object("balancers") is { } b ? ReadBalancers(b, groups) : new BalancerSpec();
        var rules = spec.Object("service") is { } s ? ServiceRulesReader.Read(s, log) : new ServiceRules();
        var (patience, bytes) = (spec.Duration("patience", s_least), spec.Whole("answerBytes", 0, int.MaxValue));
        if (groups.Count > 0 && groups.Sum(static group => (long)group.Count) == 0)
        {
            spec.Refuse("backends", "there is no backend at the start");
        }

        spec.End();
        if (arrivals is null || groups.Count == 0 || schedulers.Count == 0 || log.HasErrors)
        {
            // Neither can a rate be computed, for one, of arrivals that were refused.
            return null;
        }

        var read = new Scenario
        {
            Name = "",
            Description = string.Join(' ', (description ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            Duration = duration ?? TimeSpan.FromSeconds(30),
            Requests = requests,
            Seeds = seeds,
            Schedulers = schedulers,
            Backends = groups,
            Faults = faults,
            Arrivals = arrivals,
            Clients = clients,
            Patience = patience,
            AnswerBytes = (int)(bytes ?? 16384),
            Balancers = balancers,
            Service = rules,
        };
        foreach (var late in LateFaults.Of(read))
        {
            faultFields[late.Index].Warn("at", late.Warning);
        }

        return read with { WarmUp = warmUp ?? TimeSpan.FromSeconds(read.MeasuredSeconds / 10) };
    }

    private static void RequireSome(FieldReader spec, string name, string message)
    {
        spec.Require(name, message);
        if (spec.Node(name) is SequenceNode { Items.Count: 0 })
        {
            spec.Refuse(name, $"is empty: {message}");
        }
    }

    private static EquatableArray<ComparedScheduler> ReadSchedulers(FieldReader spec, ReadingLog log)
    {
        var read = new List<ComparedScheduler>();
        foreach (var (item, path) in spec.List("schedulers"))
        {
            if (item is not ScalarNode { Kind: ScalarKind.String } scalar)
            {
                log.Refuse(item.Line, path, "expected a scheduler's name, and its parameters after commas");
                continue;
            }

            var problem = SchedulerText.Parse(scalar.Text, out var scheduler)
                ?? (SchedulerCatalog.Find(scheduler.Name) is null
                    ? $"unknown scheduler \"{scheduler.Name}\"; {FieldReader.Meant(scheduler.Name, [.. SchedulerCatalog.Names])}"
                    : SchedulerCatalog.Validate(scheduler));
            problem ??= read.Exists(other => other.Text == scalar.Text) ? "is there twice" : null;
            if (problem is null)
            {
                read.Add(new ComparedScheduler(scalar.Text, scheduler));
            }
            else
            {
                log.Refuse(item.Line, path, problem);
            }
        }

        return read.ToEquatableArray();
    }

    private static EquatableArray<BackendGroup> ReadGroups(FieldReader spec)
    {
        var read = new List<BackendGroup>();
        foreach (var fields in spec.Objects("backends"))
        {
            var name = fields.Text("name") ?? (read.Count == 0 ? "backend" : "");
            if (name.Length == 0 || read.Exists(group => group.Name == name))
            {
                fields.Refuse("name", name.Length == 0 ? "required: the group's name" : $"there is another group \"{name}\"");
            }

            fields.Require("work", "how long a request takes: a duration, or a distribution");
            var work = DistributionReader.Read(fields, "work");
            read.Add(new BackendGroup(name, (int)(fields.Whole("count", 0, BackendsMost) ?? 1), work ?? new DeterministicTime(1))
            {
                Weight = (int)(fields.Whole("weight", 0, BackendSpec.MaxWeight) ?? 1),
                Workers = (int)(fields.Whole("workers", 1, 100_000) ?? 1),
                Queue = (int?)fields.Whole("queue", 0, int.MaxValue),
                Connect = DistributionReader.Read(fields, "connect"),
                Cache = fields.Object("cache") is { } cache ? ReadCache(cache) : null,
            });
            fields.End();
        }

        return read.ToEquatableArray();
    }

    private static CacheSpec ReadCache(FieldReader fields)
    {
        fields.Require("entries", "how many clients it remembers");
        fields.Require("missFactor", "how many times as long a request takes that is not in it");
        var read = new CacheSpec((int)(fields.Whole("entries", 1, 1_000_000) ?? 1), fields.Number("missFactor", 1, 10_000) ?? 1);
        fields.End();
        return read;
    }

    private static ClientSpec ReadClients(FieldReader fields)
    {
        fields.Require("count", "how many clients there are");
        var read = new ClientSpec((int)(fields.Whole("count", 1, 10_000_000) ?? 1), fields.Number("zipf", 0, 10) ?? 0);
        if (fields.Object("nat") is { } nat)
        {
            nat.Require("groups", "how many addresses are shared");
            nat.Require("part", "the part of the clients that is behind them, from 0 to 1");
            read = read with { NatGroups = (int)(nat.Whole("groups", 1, 1_000_000) ?? 1), NatPart = nat.Number("part", 0, 1) ?? 0 };
            nat.End();
        }

        fields.End();
        return read;
    }

    private static BalancerSpec ReadBalancers(FieldReader fields, EquatableArray<BackendGroup> groups)
    {
        var most = Math.Max(1, groups.Sum(static group => (long)group.Count));
        var read = new BalancerSpec(
            (int)(fields.Whole("count", 1, 1000) ?? 1), (int?)fields.Whole("subset", 1, most), fields.Duration("shareCountsEvery", s_least));
        fields.End();
        return read;
    }

    private static EquatableArray<ulong> ReadSeeds(FieldReader spec, ReadingLog log)
    {
        if (spec.Node("seeds") is not SequenceNode)
        {
            var count = spec.Whole("seeds", 1, 1000) ?? 3;
            return Enumerable.Range(1, (int)count).Select(static i => (ulong)i).ToEquatableArray();
        }

        var read = new List<ulong>();
        foreach (var (item, path) in spec.List("seeds"))
        {
            if (item is ScalarNode { Kind: ScalarKind.Integer } scalar
                && ulong.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var seed)
                && !read.Contains(seed))
            {
                read.Add(seed);
            }
            else
            {
                log.Refuse(item.Line, path, "expected whole numbers, each once");
            }
        }

        if (read.Count == 0)
        {
            spec.Refuse("seeds", "expected a number of seeds, or a list of them");
        }

        return read.ToEquatableArray();
    }
}
