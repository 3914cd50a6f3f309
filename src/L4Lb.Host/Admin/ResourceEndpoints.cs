using L4Lb.Host.Running;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace L4Lb.Host.Admin;

/// <summary>What the admin API says of everything besides services and sessions.</summary>
internal sealed class ResourceEndpoints(AdminSources sources, AuditLog audit)
{
    /// <summary>Adds the endpoints to <paramref name="app"/>.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/status", () => TypedResults.Ok(StatusAnswer.Of(sources, sources.Engine.GetServices())))
            .Describe<StatusAnswer>("The process at a glance");
        app.MapGet("/api/v1/listeners", (Delegate)ListListeners)
            .Describe<ListAnswer<ListenerAnswer>>("Addresses that are listened on", "service");
        app.MapGet("/api/v1/addresses", async () => TypedResults.Ok(
                new ListAnswer<AddressAnswer>([.. (await sources.Addresses.ListAsync()).Select(AddressAnswer.Of)])))
            .Describe<ListAnswer<AddressAnswer>>("Addresses that this instance looks after");
        app.MapGet("/api/v1/pools", () => TypedResults.Ok(sources.Pools()))
            .Describe<PoolsAnswer>("Address pools, and Services that wait for an address");
        app.MapGet("/api/v1/affinity", (Delegate)ListAffinity)
            .Describe<PageAnswer<AffinityAnswer>>("Clients that keep a backend", "service", "limit", "after");
        app.MapGet("/api/v1/events", (Delegate)ListEvents)
            .Describe<PageAnswer<EventAnswer>>("What happened, the newest last", "kind", "level", "about", "limit", "after");
        app.MapPost("/api/v1/reload", (Delegate)ReloadAsync)
            .Changes().Describe<ReloadAnswer>("Load the configuration again")
            .Produces<ProblemDetails>(StatusCodes.Status409Conflict, "application/problem+json");
    }

    private IResult ListListeners(HttpContext context) => ServiceName.TryReadQuery(context.Request, out var wanted, out var problem)
        ? TypedResults.Ok(new ListAnswer<ListenerAnswer>(
        [
            .. sources.Engine.GetListeners().Select(ListenerAnswer.Of)
                .Where(listener => wanted is not { } name || (listener.Namespace, listener.Service) == (name.Namespace, name.Name)),
        ]))
        : problem!;

    private IResult ListAffinity(HttpContext context)
    {
        if (!Page.TryRead(context.Request, out var page, out var problem)
            || !ServiceName.TryReadQuery(context.Request, out var wanted, out problem))
        {
            return problem!;
        }

        var read = sources.Engine.ReadAffinity(
            key => wanted is not { } name || (key.Namespace, key.Name) == (name.Namespace, name.Name), page.After, page.Limit);
        return TypedResults.Ok(new PageAnswer<AffinityAnswer>([.. read.Items.Select(AffinityAnswer.Of)], read.Total, read.Next));
    }

    private IResult ListEvents(HttpContext context)
    {
        if (!Page.TryRead(context.Request, out var page, out var problem))
        {
            return problem!;
        }

        var query = context.Request.Query;
        if (!EventFilter.TryRead(query["kind"], query["level"], query["about"], out var filter, out var wrong))
        {
            return Problems.Bad(wrong);
        }

        // Without a place to begin at, the newest: that is what somebody looks for.
        var all = sources.Journal.Read(filter.Fits);
        var found = page.After > 0 ? all : [.. all.TakeLast(page.Limit)];
        return TypedResults.Ok(page.Of(found, static e => e.Id, EventAnswer.Of) with { Total = all.Count });
    }

    private async Task<IResult> ReloadAsync(HttpContext context)
    {
        if (sources.Reload is not { } reload)
        {
            return Problems.Of(StatusCodes.Status409Conflict, "there is nothing to load again yet: the instance starts");
        }

        audit.Write(context, "reload", "the configuration");
        var outcome = await reload("admin API", context.RequestAborted);
        return outcome.IsInForce
            ? TypedResults.Ok(new ReloadAnswer(
                outcome.Revision, outcome.Changed, [.. outcome.Diagnostics.Select(static d => d.ToString())]))
            : Refused(outcome);
    }

    private static ProblemHttpResult Refused(LoadOutcome outcome) => TypedResults.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "The configuration is refused",
        detail: $"revision {outcome.Revision} stays in force",
        extensions: [new("errors", outcome.Errors.Select(static e => e.ToString()).ToArray())]);
}
