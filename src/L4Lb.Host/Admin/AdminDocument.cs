using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace L4Lb.Host.Admin;

/// <summary>The OpenAPI document of the admin API, made from its endpoints.</summary>
internal static class AdminDocument
{
    /// <summary>Says what the framework cannot know.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "L4Lb admin API",
                Version = "v1",
                Description = "What a running instance has and does, and what operators change while it runs. Problems are RFC 9457's.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            foreach (var name in metadata.OfType<QueryParameters>().SelectMany(static query => query.Names))
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            foreach (var name in Placeholders(context.Description.RelativePath ?? ""))
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            return Task.CompletedTask;
        });
    }

    private static IEnumerable<string> Placeholders(string path) =>
        path.Split('/').Where(static part => part.StartsWith('{')).Select(static part => part.Trim('{', '}'));
}
