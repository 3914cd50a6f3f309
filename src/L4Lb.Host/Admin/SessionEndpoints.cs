using System.Globalization;
using System.Net;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Cli.Values;
using Microsoft.AspNetCore.Http.HttpResults;

namespace L4Lb.Host.Admin;

/// <summary>Who is connected, and how operators end it.</summary>
internal sealed class SessionEndpoints(LoadBalancerSessions sessions, AuditLog audit)
{
    /// <summary>Adds the endpoints to <paramref name="app"/>.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var (path, protocol) in new[] { ("sessions", TransportProtocol.Tcp), ("flows", TransportProtocol.Udp) })
        {
            app.MapGet($"/api/v1/{path}", (Delegate)((HttpContext context) => ListAsync(context, protocol)))
                .Describe<PageAnswer<SessionAnswer>>($"Open {path}", Filters.And("limit", "after"));
            app.MapDelete($"/api/v1/{path}/{{id}}", (Delegate)((HttpContext context) => KillAsync(context, protocol)))
                .Changes().Describe<KilledAnswer>($"End one of the {path}");
            app.MapDelete($"/api/v1/{path}", (Delegate)((HttpContext context) => KillManyAsync(context, protocol)))
                .Changes().Describe<KilledAnswer>($"End those of the {path} that fit; something must be given for them to fit", Filters.Names);
        }
    }

    private async Task<IResult> ListAsync(HttpContext context, TransportProtocol protocol) =>
        !Page.TryRead(context.Request, out var page, out var problem)
        || !Filters.TryRead(context.Request, protocol, out var query, out problem)
            ? problem!
            : TypedResults.Ok(page.Of(
                await sessions.ListAsync(query, context.RequestAborted), static session => session.Id, SessionAnswer.Of));

    private async Task<IResult> KillAsync(HttpContext context, TransportProtocol protocol)
    {
        var text = (string)context.GetRouteValue("id")!;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return Problems.Bad($"{text} is not the number of a session");
        }

        var killed = await sessions.KillAsync(new SessionQuery { Protocol = protocol, Id = id }, context.RequestAborted);
        if (killed == 0)
        {
            return Problems.NotThere($"there is no open {Word(protocol)} {id}; it may be over");
        }

        audit.Write(context, "kill", $"{Word(protocol)} {id}");
        return TypedResults.Ok(new KilledAnswer(killed));
    }

    private async Task<IResult> KillManyAsync(HttpContext context, TransportProtocol protocol)
    {
        if (!Filters.TryRead(context.Request, protocol, out var query, out var problem))
        {
            return problem!;
        }

        if (query == new SessionQuery { Protocol = protocol })
        {
            return Problems.Bad($"say which: one or more of {string.Join(", ", Filters.Names)}");
        }

        var killed = await sessions.KillAsync(query, context.RequestAborted);
        audit.Write(context, "kill", $"{killed} of the {Word(protocol)}s with {context.Request.QueryString.Value?.TrimStart('?')}");
        return TypedResults.Ok(new KilledAnswer(killed));
    }

    private static string Word(TransportProtocol protocol) => protocol == TransportProtocol.Udp ? "flow" : "session";

    /// <summary>The query of a request that says which sessions are meant.</summary>
    private static class Filters
    {
        public static string[] Names { get; } = ["service", "port", "backend", "client"];

        public static string[] And(params string[] more) => [.. Names, .. more];

        public static bool TryRead(HttpRequest request, TransportProtocol protocol, out SessionQuery query, out ProblemHttpResult? problem)
        {
            query = new SessionQuery { Protocol = protocol };
            problem = null;
            foreach (var (name, values) in request.Query.Where(static q => Names.Contains(q.Key)))
            {
                var text = values[^1] ?? "";
                try
                {
                    query = Read(query, name, text);
                }
                catch (FormatException e)
                {
                    problem = Problems.Bad($"{name}={text}: {e.Message}");
                    return false;
                }
            }

            return true;
        }

        private static SessionQuery Read(SessionQuery query, string name, string text) => name switch
        {
            "service" => ServiceName.Read(text) is var service ? query with { Namespace = service.Namespace, Service = service.Name } : query,
            "port" => query with { Port = text },
            "backend" => query with { Backend = AddressKey.From(EndPointText.Read(text)) },
            _ => query with { Clients = Network(text) },
        };

        private static IPNetwork Network(string text) =>
            IPNetwork.TryParse(text, out var network) ? network
            : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new FormatException("must be an IP address or a network as 10.0.0.0/8");
    }
}
