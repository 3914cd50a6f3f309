using System.Net;
using System.Text.Json;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Cli.Values;
using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API says of services and backends, and how operators act on them.</summary>
internal sealed class ServiceEndpoints(LoadBalancer engine, AuditLog audit)
{
    /// <summary>Adds the endpoints to <paramref name="app"/>.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/services", (Delegate)((HttpContext context) => List(context, static services => services.Select(ServiceAnswer.Of))))
            .Describe<ListAnswer<ServiceAnswer>>("Service ports", "service");
        app.MapGet("/api/v1/backends", (Delegate)((HttpContext context) => List(context, static services => services.SelectMany(BackendAnswer.AllOf))))
            .Describe<ListAnswer<BackendAnswer>>("Backends, once for each service port that they serve", "service");

        const string Backend = "/api/v1/services/{namespace}/{name}/backends/{address}";
        app.MapPost(Backend + "/drain", (Delegate)((HttpContext context) => SetDrainAsync(context, isDrained: true)))
            .Changes().Describe<ListAnswer<BackendAnswer>>("Keep new sessions from a backend");
        app.MapPost(Backend + "/enable", (Delegate)((HttpContext context) => SetDrainAsync(context, isDrained: false)))
            .Changes().Describe<ListAnswer<BackendAnswer>>("Let new sessions to a backend again");
        app.MapPut(Backend + "/weight", (Delegate)SetWeightAsync)
            .Changes().Accepts<WeightRequest>("application/json")
            .Describe<ListAnswer<BackendAnswer>>("Give a backend another weight, or lift that");
    }

    private IResult List<T>(HttpContext context, Func<IEnumerable<ServiceStatus>, IEnumerable<T>> answers)
    {
        IEnumerable<ServiceStatus> services = engine.GetServices().OrderBy(static s => s.Spec.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(static s => s.Spec.Key.Name, StringComparer.Ordinal).ThenBy(static s => s.Spec.Key.Port, StringComparer.Ordinal);
        if (!ServiceName.TryReadQuery(context.Request, out var asked, out var problem))
        {
            return problem!;
        }

        if (asked is { } wanted)
        {
            var all = services.ToList();
            services = all.Where(service => NameOf(service) == wanted).ToList();
            if (!services.Any())
            {
                return NoService(wanted, all);
            }
        }

        return TypedResults.Ok(new ListAnswer<T>([.. answers(services)]));
    }

    private Task<IResult> SetDrainAsync(HttpContext context, bool isDrained) => ChangeAsync(
        context,
        isDrained ? "drain" : "enable",
        (service, backend) => engine.SetDrainAsync(service, backend, isDrained, context.RequestAborted));

    private async Task<IResult> SetWeightAsync(HttpContext context)
    {
        WeightRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, AdminJson.Default.WeightRequest, context.RequestAborted);
        }
        catch (JsonException)
        {
            return Problems.Bad("""the body must be {"weight": N}, or {"weight": null} to lift what was set""");
        }

        var weight = request?.Weight;
        return weight is < 0 or > BackendSpec.MaxWeight
            ? Problems.Bad($"the weight {weight} is not in 0…{BackendSpec.MaxWeight}")
            : await ChangeAsync(
                context,
                weight is null ? "weight lifted" : $"weight {weight}",
                (service, backend) => engine.SetWeightAsync(service, backend, weight, context.RequestAborted));
    }

    /// <summary>Does the same on every port of the Service that has the backend, and answers with those.</summary>
    private async Task<IResult> ChangeAsync(
        HttpContext context, string what, Func<ServiceKey, IPEndPoint, ValueTask<OverrideResult>> change)
    {
        string Part(string name) => (string)context.GetRouteValue(name)!;
        var (wanted, name) = (new ServiceName(Part("namespace"), Part("name")), Part("address"));
        IPEndPoint address;
        try
        {
            address = EndPointText.Read(name);
        }
        catch (FormatException e)
        {
            return Problems.Bad($"the backend {name} {e.Message}");
        }

        var services = engine.GetServices();
        var ports = services.Where(service => NameOf(service) == wanted).ToArray();
        if (ports.Length == 0)
        {
            return NoService(wanted, services);
        }

        var changed = new List<ServiceKey>();
        foreach (var key in ports.Select(port => port.Spec.Key))
        {
            if (await change(key, address) == OverrideResult.Done)
            {
                changed.Add(key);
            }
        }

        if (changed.Count == 0)
        {
            var backends = ports.SelectMany(port => port.Spec.Backends).Select(backend => backend.Address.ToString());
            return Problems.NotThere($"service {wanted} has no backend {address}; it has {Problems.Instead($"{address}", backends)}");
        }

        audit.Write(context, what, $"backend {address} of {string.Join(", ", changed)}");
        var now = engine.GetServices().Where(s => changed.Contains(s.Spec.Key)).SelectMany(BackendAnswer.AllOf);
        return TypedResults.Ok(new ListAnswer<BackendAnswer>([.. now.Where(backend => backend.Address == address.ToString())]));
    }

    private static ProblemHttpResult NoService(ServiceName wanted, IEnumerable<ServiceStatus> services) => Problems.NotThere(
        $"there is no service {wanted}; there is {Problems.Instead($"{wanted}", services.Select(static s => $"{NameOf(s)}"))}");

    private static ServiceName NameOf(ServiceStatus service) => new(service.Spec.Key.Namespace, service.Spec.Key.Name);
}
