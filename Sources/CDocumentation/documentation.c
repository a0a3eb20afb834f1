#include "CDocumentation.h"

// C23 6.10.4: the compiler reads the files, and compiles this again when one of them changes.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char answer_js[] = {
#embed "page/answer.js"
};
static const unsigned char api_js[] = {
#embed "page/api.js"
};
static const unsigned char code_js[] = {
#embed "page/code.js"
};
static const unsigned char contract_css[] = {
#embed "page/contract.css"
};
static const unsigned char contract_html[] = {
#embed "page/contract.html"
};
static const unsigned char contract_js[] = {
#embed "page/contract.js"
};
static const unsigned char controls_js[] = {
#embed "page/controls.js"
};
static const unsigned char dom_js[] = {
#embed "page/dom.js"
};
static const unsigned char fields_js[] = {
#embed "page/fields.js"
};
static const unsigned char form_js[] = {
#embed "page/form.js"
};
static const unsigned char health_js[] = {
#embed "page/health.js"
};
static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char json_js[] = {
#embed "page/json.js"
};
static const unsigned char martlet_svg[] = {
#embed "page/martlet.svg"
};
static const unsigned char messages_js[] = {
#embed "page/messages.js"
};
static const unsigned char model_js[] = {
#embed "page/model.js"
};
static const unsigned char page_css[] = {
#embed "page/page.css"
};
static const unsigned char page_js[] = {
#embed "page/page.js"
};
static const unsigned char plot_js[] = {
#embed "page/plot.js"
};
static const unsigned char schema_js[] = {
#embed "page/schema.js"
};
static const unsigned char snippets_js[] = {
#embed "page/snippets.js"
};
static const unsigned char sweep_js[] = {
#embed "page/sweep.js"
};
static const unsigned char tables_js[] = {
#embed "page/tables.js"
};
static const unsigned char tabs_js[] = {
#embed "page/tabs.js"
};
static const unsigned char whatif_js[] = {
#embed "page/whatif.js"
};
static const unsigned char swagger_ui_bundle_js[] = {
#embed "swagger-ui/swagger-ui-bundle.js.gz"
};
static const unsigned char swagger_ui_css[] = {
#embed "swagger-ui/swagger-ui.css.gz"
};

#define ASSET(name, content) {name, content, sizeof content}

static const struct documentation_asset assets[] = {
    ASSET("answer.js", answer_js),
    ASSET("api.js", api_js),
    ASSET("code.js", code_js),
    ASSET("contract.css", contract_css),
    ASSET("contract.html", contract_html),
    ASSET("contract.js", contract_js),
    ASSET("controls.js", controls_js),
    ASSET("dom.js", dom_js),
    ASSET("fields.js", fields_js),
    ASSET("form.js", form_js),
    ASSET("health.js", health_js),
    ASSET("index.html", index_html),
    ASSET("json.js", json_js),
    ASSET("martlet.svg", martlet_svg),
    ASSET("messages.js", messages_js),
    ASSET("model.js", model_js),
    ASSET("page.css", page_css),
    ASSET("page.js", page_js),
    ASSET("plot.js", plot_js),
    ASSET("schema.js", schema_js),
    ASSET("snippets.js", snippets_js),
    ASSET("sweep.js", sweep_js),
    ASSET("tables.js", tables_js),
    ASSET("tabs.js", tabs_js),
    ASSET("whatif.js", whatif_js),
    ASSET("swagger-ui-bundle.js.gz", swagger_ui_bundle_js),
    ASSET("swagger-ui.css.gz", swagger_ui_css),
};

size_t documentation_asset_count(void) {
    return sizeof assets / sizeof *assets;
}

struct documentation_asset documentation_asset_at(size_t index) {
    return assets[index];
}
