using System.Net;
using System.Text.Json;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Cli.Values;
using L4Lb.Host.Logging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API says of services and backends, and how operators act on them.</summary>
internal sealed class ServiceEndpoints(LoadBalancer engine, ILogger logger)
{
    /// <summary>Names in a message: enough to see a typing error by.</summary>
    private const int NamesMost = 20;

    /// <summary>Adds the endpoints to <paramref name="app"/>.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/services", ListServices);
        app.MapGet("/api/v1/backends", ListBackends);

        var backend = app.MapGroup("/api/v1/services/{namespace}/{name}/backends/{address}").AddEndpointFilter(SameSite.RequireAsync);
        backend.MapPost("drain", (Delegate)DrainAsync);
        backend.MapPost("enable", (Delegate)EnableAsync);
        backend.MapPut("weight", (Delegate)SetWeightAsync);
    }

    private JsonHttpResult<ListAnswer<ServiceAnswer>> ListServices() => TypedResults.Json(
        new ListAnswer<ServiceAnswer>([.. engine.GetServices().Select(ServiceAnswer.Of)]), AdminJson.Default.ListAnswerServiceAnswer);

    private JsonHttpResult<ListAnswer<BackendAnswer>> ListBackends() => TypedResults.Json(
        new ListAnswer<BackendAnswer>([.. engine.GetServices().SelectMany(BackendAnswer.AllOf)]),
        AdminJson.Default.ListAnswerBackendAnswer);

    private Task<IResult> DrainAsync(HttpContext context) => SetDrainAsync(context, isDrained: true);

    private Task<IResult> EnableAsync(HttpContext context) => SetDrainAsync(context, isDrained: false);

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
            return Bad("""the body must be {"weight": N}, or {"weight": null} to lift what was set""");
        }

        var weight = request?.Weight;
        return weight is < 0 or > BackendSpec.MaxWeight
            ? Bad($"the weight {weight} is not in 0…{BackendSpec.MaxWeight}")
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
        var (path, name) = ($"{Part("namespace")}/{Part("name")}", Part("address"));
        IPEndPoint address;
        try
        {
            address = EndPointText.Read(name);
        }
        catch (FormatException e)
        {
            return Bad($"the backend {name} {e.Message}");
        }

        var services = engine.GetServices();
        var ports = services.Where(service => NameOf(service) == path).ToArray();
        if (ports.Length == 0)
        {
            return NotThere($"there is no service {path}; there is {Some(services.Select(NameOf).Distinct())}");
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
            var backends = ports.SelectMany(port => port.Spec.Backends).Select(backend => backend.Address.ToString()).Distinct();
            return NotThere($"service {path} has no backend {address}; it has {Some(backends)}");
        }

        var remote = context.Connection.RemoteIpAddress?.ToString() ?? "a unix socket";
        HostLog.OperatorAction(logger, remote, what, address.ToString(), string.Join(", ", changed));
        var now = engine.GetServices().Where(s => changed.Contains(s.Spec.Key)).SelectMany(BackendAnswer.AllOf);
        return TypedResults.Json(
            new ListAnswer<BackendAnswer>([.. now.Where(backend => backend.Address == address.ToString())]),
            AdminJson.Default.ListAnswerBackendAnswer);
    }

    private static string NameOf(ServiceStatus service) => $"{service.Spec.Key.Namespace}/{service.Spec.Key.Name}";

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return all.Length switch
        {
            0 => "none",
            <= NamesMost => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(NamesMost))} and {all.Length - NamesMost} more",
        };
    }

    private static ProblemHttpResult Bad(string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: detail);

    private static ProblemHttpResult NotThere(string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: detail);
}
