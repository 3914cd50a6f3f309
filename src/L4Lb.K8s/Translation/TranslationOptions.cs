using L4Lb.K8s.EndpointSelection;
using L4Lb.K8s.Standalone;

namespace L4Lb.K8s.Translation;

/// <summary>What the translation of every Service depends on.</summary>
/// <param name="Serve">The kinds of address to listen on.</param>
/// <param name="Node">Where this appliance stands.</param>
public sealed record TranslationOptions(ServeKinds Serve, NodeTopology Node);
