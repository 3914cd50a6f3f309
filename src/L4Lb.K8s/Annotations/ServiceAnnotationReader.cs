using System.Globalization;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Annotations;

/// <summary>Reads one Service's annotations; collects every problem rather than the first.</summary>
internal sealed class ServiceAnnotationReader(
    Service service, Func<SchedulerSpec, string?> schedulerProblem, ICollection<Diagnostic> diagnostics)
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private ServiceAnnotations _read = ServiceAnnotations.None;

    /// <summary>Reads them all.</summary>
    public ServiceAnnotations Read()
    {
        foreach (var (name, value) in service.Metadata.Annotations)
        {
            var text = value.Trim();
            if (!ReadRule(name, text) && !ReadBound(name, text))
            {
                ReadLater(name, text);
            }
        }

        ForeignAnnotations.Warn(service, AnnotationNames.OnService, diagnostics);
        return _read;
    }

    private bool ReadRule(string name, string text)
    {
        switch (name)
        {
            case AnnotationNames.Scheduler:
                ReadScheduler(name, text);
                return true;
            case AnnotationNames.Weights:
                Refuse(name, text, WeightTable.Parse(text, out var weights));
                _read = _read with { Weights = weights };
                return true;
            case AnnotationNames.AffinityScope:
                Refuse(name, text, text is "port" or "service" ? null : "expected port or service");
                _read = _read with { AffinityScope = text == "service" ? AffinityScope.Service : AffinityScope.Port };
                if (service.SessionAffinity != "ClientIP")
                {
                    Warn(name, "has no effect: spec.sessionAffinity is not ClientIP");
                }

                return true;
            case AnnotationNames.LoadBalancerIPs or AnnotationNames.MetalLBLoadBalancerIPs:
                ReadLoadBalancerIPs(name, text);
                return true;
            default:
                return false;
        }
    }

    private bool ReadBound(string name, string text)
    {
        switch (name)
        {
            case AnnotationNames.ConnectAttempts:
                _read = _read with { ConnectAttempts = Number(name, text, 1, TimeoutSpec.MaxConnectAttempts) };
                return true;
            case AnnotationNames.ConnectTimeout:
                _read = _read with { ConnectTimeout = Duration(name, text, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)) };
                return true;
            case AnnotationNames.IdleTimeout:
                _read = _read with { IdleTimeout = Duration(name, text, TimeSpan.FromSeconds(1), s_week) };
                return true;
            case AnnotationNames.HalfCloseTimeout:
                _read = _read with { HalfCloseTimeout = Duration(name, text, TimeSpan.FromMilliseconds(100), s_week) };
                return true;
            case AnnotationNames.DrainTimeout:
                _read = _read with { DrainTimeout = Duration(name, text, TimeSpan.Zero, s_week) };
                return true;
            case AnnotationNames.MaxSessions:
                _read = _read with { Limits = _read.Limits with { MaxSessions = Number(name, text, 0, int.MaxValue) ?? 0 } };
                return true;
            case AnnotationNames.BackendMaxSessions:
                _read = _read with { Limits = _read.Limits with { BackendMaxSessions = Number(name, text, 0, int.MaxValue) ?? 0 } };
                return true;
            default:
                return false;
        }
    }

    /// <summary>Annotations whose syntax is fixed but which this version does not act on.</summary>
    private void ReadLater(string name, string text)
    {
        var (problem, isDefault) = name switch
        {
            AnnotationNames.HealthCheck => (HealthCheckText.Problem(text), text == "none"),
            AnnotationNames.ProxyProtocol => (text is "v1" or "v2" ? null : "expected v1 or v2", false),
            AnnotationNames.AcceptProxyProtocol => (text is "true" or "false" ? null : "expected true or false", text == "false"),
            AnnotationNames.AddressPool or AnnotationNames.MetalLBAddressPool =>
                (IsPoolName(text) ? null : "expected a pool's name", false),
            AnnotationNames.AllowSharedIP or AnnotationNames.MetalLBAllowSharedIP =>
                (text.Length > 0 ? null : "expected a sharing key, any text", false),
            _ => (null, true),
        };

        Refuse(name, text, problem);
        if (problem is null && !isDefault)
        {
            Warn(name, "understood, but this version does not act on it yet");
        }
    }

    private static bool IsPoolName(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private void ReadScheduler(string name, string text)
    {
        var problem = SchedulerText.Parse(text, out var scheduler) ?? schedulerProblem(scheduler);
        Refuse(name, text, problem);
        _read = _read with { Scheduler = problem is null ? scheduler : SchedulerSpec.RoundRobin };
    }

    private void ReadLoadBalancerIPs(string name, string text)
    {
        var addresses = new List<IPAddress>(_read.LoadBalancerIPs);
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!AddressText.TryParse(item, out var address))
            {
                Refuse(name, text, $"\"{item}\" is not an IP address; expected addresses, comma separated");
            }
            else if (!addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        _read = _read with { LoadBalancerIPs = addresses.ToEquatableArray() };
        if (service.Type != "LoadBalancer")
        {
            Warn(name, "has no effect: spec.type is not LoadBalancer");
        }
    }

    private int? Number(string name, string text, int least, int most)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Refuse(
            name, text,
            most == int.MaxValue ? $"expected a number of at least {least}" : $"expected a number from {least} to {most}");
        return null;
    }

    private TimeSpan? Duration(string name, string text, TimeSpan least, TimeSpan most)
    {
        if (GoDuration.TryParse(text, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        Refuse(
            name, text,
            $"expected a duration from {GoDuration.Format(least)} to {GoDuration.Format(most)}, such as 250ms, 10s or 1h30m");
        return null;
    }

    private void Refuse(string name, string text, string? problem)
    {
        if (problem is not null)
        {
            diagnostics.Refuse(service, AnnotationNames.PathOf(name), $"Invalid value: \"{text}\": {problem}");
        }
    }

    private void Warn(string name, string message) => diagnostics.Warn(service, AnnotationNames.PathOf(name), message);
}
