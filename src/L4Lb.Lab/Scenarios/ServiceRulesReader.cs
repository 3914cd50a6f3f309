using System.Collections.Immutable;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.K8s.Annotations;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.Lab.Scenarios;

/// <summary>Reads the rules of a Service: fields and annotations that are written, and understood, as on a Service.</summary>
internal static class ServiceRulesReader
{
    // What these are about does not happen in the lab, and whoever writes them should know.
    private static readonly string[] s_withoutEffect =
    [
        AnnotationNames.Weights, AnnotationNames.IdleTimeout, AnnotationNames.HalfCloseTimeout, AnnotationNames.DenySourceRanges,
        AnnotationNames.AgentCheck, AnnotationNames.ProxyProtocol, AnnotationNames.AcceptProxyProtocol,
        AnnotationNames.ProxyProtocolTrusted, AnnotationNames.ProxyProtocolTimeout, AnnotationNames.Udp, AnnotationNames.AddressPool,
        AnnotationNames.LoadBalancerIPs, AnnotationNames.AllowSharedIP,
    ];

    /// <summary>What <paramref name="fields"/> ask for.</summary>
    internal static ServiceRules Read(FieldReader fields, ReadingLog log)
    {
        var wanted = fields.Word("sessionAffinity", "None", "ClientIP") == "ClientIP";
        TimeSpan? timeout = null;
        if (fields.Object("sessionAffinityConfig") is { } config)
        {
            if (config.Object("clientIP") is { } clientIP)
            {
                timeout = clientIP.Whole("timeoutSeconds", 1, 86400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                clientIP.End();
            }

            config.End();
        }

        var annotations = ReadAnnotations(fields, wanted, log);
        fields.End();
        return new ServiceRules
        {
            Affinity = wanted ? annotations.Affinity with { Timeout = timeout ?? annotations.Affinity.Timeout } : null,
            Health = annotations.Health with { Agent = null },
            Timeouts = annotations.TimeoutsFor(TransportProtocol.Tcp),
            Limits = annotations.Limits,
        };
    }

    private static ServiceAnnotations ReadAnnotations(FieldReader fields, bool hasAffinity, ReadingLog log)
    {
        if (fields.Node("annotations") is not { } node)
        {
            return ServiceAnnotations.None;
        }

        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, line, value) in (node as MappingNode)?.Entries ?? [])
        {
            var path = AnnotationNames.PathOf(name);
            lines[path] = line + 1;
            if (value is ScalarNode { Kind: ScalarKind.String } text)
            {
                texts[name] = text.Text;
            }
            else
            {
                log.Refuse(line, $"{fields.Path}.annotations[{name}]", "expected text: put it in quotes");
            }

            if (s_withoutEffect.Contains(name))
            {
                log.Warn(line, $"{fields.Path}.annotations[{name}]", "has no effect in the lab");
            }
            else if (name == AnnotationNames.Scheduler)
            {
                log.Refuse(line, $"{fields.Path}.annotations[{name}]", "schedulers are compared: name them in spec.schedulers");
            }
        }

        if (node is not MappingNode)
        {
            fields.Refuse("annotations", "expected fields below it");
        }

        var service = new Service
        {
            Metadata = new ObjectMeta { Name = "lab", Annotations = texts.ToImmutable() },
            Source = new SourceMap(log.File, node.Line + 1, lines),
            SessionAffinity = hasAffinity ? "ClientIP" : "None",
        };
        var diagnostics = new List<Diagnostic>();
        var read = ServiceAnnotations.Parse(service, new AnnotationOptions(SchedulerCatalog.Validate), diagnostics);
        foreach (var diagnostic in diagnostics)
        {
            log.Add(diagnostic with { Path = diagnostic.Path.Replace("metadata.", $"{fields.Path}.", StringComparison.Ordinal) });
        }

        return read;
    }
}
